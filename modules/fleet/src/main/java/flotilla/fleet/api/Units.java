package flotilla.fleet.api;

import flotilla.fleet.api.Wishes.Guard;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Deed.What;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.schedule.Requirements;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code /units}: what is known and what is wanted of it. */
final class Units {
    /** How often a change is tried when somebody else changes the unit at the same time. */
    private static final int MAX_ATTEMPTS = 5;

    private final Registry registry;
    private final Wishes wishes;
    private final AgentLag lag;
    private final Paging<Entry.OfJob> paging;

    Units(Registry registry, Wishes wishes, int limit) {
        this.lag = new AgentLag(wishes.clock());
        this.registry = registry;
        this.wishes = wishes;
        this.paging = new Paging<>(registry, limit, "units", Entry.OfJob.class);
    }

    /**
     * @param shown {@link #late} to clients of the original
     */
    Response list(Request request, UnaryOperator<UnitBody> shown) throws ApiException {
        return paging.list(
                request,
                registry.layout().jobs(),
                page ->
                        bodies(page.stream().map(Entry.OfJob::job).toList()).stream()
                                .map(shown)
                                .toList());
    }

    /**
     * @param shown as of {@link #list}
     */
    Response get(String name, UnaryOperator<UnitBody> shown) throws ApiException {
        UnitBody body = bodies(List.of(job(name))).getFirst();
        return Response.json(200, Json.write(shown.apply(body)));
    }

    /** As the original would show it: see {@link AgentLag}. */
    UnitBody late(UnitBody body) {
        boolean launched =
                JobState.LOADED.text().equals(body.currentState())
                        && lag.seesLaunched(String.valueOf(body.name()));
        return launched ? body.current(JobState.LAUNCHED) : body;
    }

    Job job(String name) throws ApiException {
        return registry.get(new Key.OfJob(name), Entry.OfJob.class)
                .orElseThrow(() -> new ApiException(404, "unit does not exist"))
                .job();
    }

    private List<UnitBody> bodies(List<Job> jobs) {
        List<Key> first = new ArrayList<>();
        for (Job job : jobs) {
            first.add(new Key.OfText(job.hash()));
            first.add(new Key.OfOwner(job.name()));
        }
        Map<Key, Entry> found = registry.getAll(first);
        List<Key> states = new ArrayList<>();
        for (Entry entry : found.values()) {
            if (entry instanceof Entry.OfOwner(String unit, String machine)) {
                states.add(new Key.OfState(machine, unit));
            }
        }
        found.putAll(registry.getAll(states));
        return jobs.stream().map(job -> body(job, found)).toList();
    }

    private static UnitBody body(Job job, Map<Key, Entry> found) {
        String text =
                found.get(new Key.OfText(job.hash())) instanceof Entry.OfText known
                        ? known.text()
                        : "";
        String owner =
                found.get(new Key.OfOwner(job.name())) instanceof Entry.OfOwner known
                        ? known.machineId()
                        : null;
        boolean global = Requirements.of(job.name(), text).map(Requirements::global).orElse(false);
        return new UnitBody(
                job.name(),
                UnitOption.of(UnitFile.parse(text)),
                job.desired().text(),
                global ? null : current(job, owner, found).text(),
                owner);
    }

    private static JobState current(Job job, @Nullable String owner, Map<Key, Entry> found) {
        return owner != null
                        && found.get(new Key.OfState(owner, job.name()))
                                instanceof Entry.OfState known
                ? known.state().of(job)
                : JobState.INACTIVE;
    }

    Response put(String name, Request request) throws ApiException {
        Api.requireJson(request);
        UnitBody body = read(request);
        if (body.name() != null && !body.name().isEmpty() && !body.name().equals(name)) {
            throw new ApiException(
                    400,
                    "name in URL \"%s\" differs from unit name in request body \"%s\""
                            .formatted(name, body.name()));
        }
        Optional<String> problem = UnitName.problem(name);
        if (problem.isPresent()) {
            throw new ApiException(400, problem.get());
        }
        UnitName unit = new UnitName(name);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Response> answer = attempt(unit, body, request);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw new ApiException(409, "unit " + name + " is being changed by others; try again");
    }

    private static UnitBody read(Request request) throws ApiException {
        try {
            return Json.read(request.text(), UnitBody.class);
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
    }

    /** Empty when the unit changed meanwhile. */
    private Optional<Response> attempt(UnitName unit, UnitBody body, Request request)
            throws ApiException {
        Key key = new Key.OfJob(unit.full());
        Optional<Stored> stored = registry.get(key);
        Optional<Job> known =
                stored.map(Stored::entry)
                        .filter(Entry.OfJob.class::isInstance)
                        .map(entry -> ((Entry.OfJob) entry).job());
        List<UnitOption> options = Optional.ofNullable(body.options()).orElse(List.of());
        if (known.isEmpty() && options.isEmpty()) {
            throw new ApiException(409, "unit does not exist and options field empty");
        }
        Guard guard = new Guard(key, stored.map(Stored::revision).orElse(0L));
        if (!options.isEmpty()) {
            Entry.OfText text = Submission.text(unit, options);
            if (known.isEmpty() || !known.get().hash().equals(text.hash())) {
                JobState desired = desired(unit, body).orElse(JobState.INACTIVE);
                Job job =
                        known.map(before -> before.with(text.hash(), desired))
                                .orElseGet(() -> new Job(unit.full(), text.hash(), desired));
                What what = stored.isEmpty() ? What.SUBMITTED : What.CHANGED;
                List<Entry> entries = List.of(text, new Entry.OfJob(job));
                boolean written = wishes.write(guard, entries, wishes.of(what, job, request));
                return written ? Optional.of(Response.empty(201)) : Optional.empty();
            }
        }
        JobState desired =
                desired(unit, body)
                        .orElseThrow(
                                () -> new ApiException(409, "must provide DesiredState to update"));
        Job before = known.orElseThrow();
        if (before.desired() == desired) {
            return Optional.of(Response.empty(204));
        }
        Job job = before.with(desired);
        if (before.desired() == JobState.LAUNCHED && desired == JobState.LOADED) {
            lag.toldToStop(unit.full());
        } else {
            lag.toldOtherwise(unit.full());
        }
        What what =
                switch (desired) {
                    case LAUNCHED -> What.LAUNCHED;
                    case LOADED -> What.LOADED;
                    case INACTIVE -> What.UNLOADED;
                };
        Deed deed = wishes.of(what, job, request);
        return wishes.write(guard, List.of(new Entry.OfJob(job)), deed)
                ? Optional.of(Response.empty(204))
                : Optional.empty();
    }

    /** Of a template only that it be known: the original lets a new one be launched, in vain. */
    static Optional<JobState> desired(UnitName unit, UnitBody body) throws ApiException {
        String text = body.desiredState();
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        Optional<JobState> desired = JobState.of(text);
        if (desired.isEmpty()) {
            throw new ApiException(
                    400,
                    "desiredState \"%s\" is none of inactive, loaded, launched".formatted(text));
        }
        if (unit.isTemplate() && desired.get() != JobState.INACTIVE) {
            throw new ApiException(400, "cannot activate template \"%s\"".formatted(unit.full()));
        }
        return desired;
    }

    /** The engine takes what belongs to the unit away once the unit itself is gone. */
    Response delete(String name, Request request) throws ApiException {
        Key job = new Key.OfJob(name);
        boolean destroyed =
                registry.history()
                        .commit(
                                () ->
                                        registry.txn()
                                                .when(registry.exists(job))
                                                .then(registry.delete(job)),
                                List.of(wishes.destroyed(name, request)))
                        .getSucceeded();
        if (!destroyed) {
            throw new ApiException(404, "unit does not exist");
        }
        return Response.empty(204);
    }
}
