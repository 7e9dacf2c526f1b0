package flotilla.fleet.api;

import flotilla.fleet.api.StatusBody.RefusalBody;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.schedule.Refusal;
import flotilla.fleet.schedule.Requirements;
import flotilla.fleet.schedule.Schedule;
import flotilla.machine.Init;
import flotilla.platform.Clock;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /flotilla/v1/units/NAME/status}: where a unit is, how it fares, and if it is not where it
 * is wanted, why. The reasons are those of the engine's own scheduler, run here over the cluster as
 * it stands now; the cluster is only read whole for a unit that waits.
 */
final class Status {
    private final Registry registry;
    private final Units units;
    private final UnitStates states;
    private final Init init;
    private final String machineId;
    private final Clock clock;

    Status(Api.Parts parts, ApiConfig config, Units units) {
        this.clock = parts.clock();
        this.registry = parts.registry();
        this.units = units;
        this.states = new UnitStates(registry, config.pageLimit());
        this.init = parts.init();
        this.machineId = config.machineId();
    }

    private record Waiting(String sentence, List<RefusalBody> refusals) {}

    Response get(String name) throws ApiException {
        Job job = units.job(name);
        String text =
                registry.get(new Key.OfText(job.hash()), Entry.OfText.class)
                        .map(Entry.OfText::text)
                        .orElse("");
        boolean global = Requirements.of(name, text).map(Requirements::global).orElse(false);
        List<PublishedState> said = states.of(name);
        Optional<String> owner =
                registry.get(new Key.OfOwner(name), Entry.OfOwner.class)
                        .map(Entry.OfOwner::machineId);
        Waiting waiting =
                job.desired() == JobState.INACTIVE
                        ? null
                        : onItsWay(said).orElseGet(() -> waiting(job, owner, global));
        StatusBody body =
                new StatusBody(
                        name,
                        global,
                        job.hash(),
                        job.desired().text(),
                        global ? null : current(job, said, owner).text(),
                        owner.orElse(null),
                        owner.map(this::label).orElse(null),
                        said.isEmpty() ? null : said.stream().map(StateBody::of).toList(),
                        waiting == null ? null : waiting.sentence(),
                        waiting == null ? null : waiting.refusals(),
                        localText(name, said));
        return Response.json(200, Json.write(body));
    }

    /** What a machine that is to start it still waits for. */
    private static Optional<Waiting> onItsWay(List<PublishedState> said) {
        return said.stream()
                .map(PublishedState::health)
                .filter(health -> health.verdict() == Verdict.UNKNOWN)
                .map(Health::words)
                .filter(words -> !words.isEmpty())
                .findFirst()
                .map(words -> new Waiting(words, List.of()));
    }

    private static JobState current(Job job, List<PublishedState> said, Optional<String> owner) {
        return said.stream()
                .filter(state -> owner.filter(state.machineId()::equals).isPresent())
                .findFirst()
                .map(state -> state.of(job))
                .orElse(JobState.INACTIVE);
    }

    private String label(String id) {
        return registry.get(new Key.OfMachine(id), Entry.OfMachine.class)
                .map(entry -> entry.machine().label())
                .orElse(id);
    }

    private @Nullable String localText(String name, List<PublishedState> said) {
        // Of one that could not be loaded the init knows nothing, or something of another text.
        boolean here =
                said.stream()
                        .anyMatch(state ->
                                state.machineId().equals(machineId) && state.loadError().isEmpty());
        try {
            return here ? init.status(name) : null;
        } catch (IOException e) {
            // The rest of the answer doesn't hang on it.
            return "the init of this machine can't be asked: " + e.getMessage() + "\n";
        }
    }

    private @Nullable Waiting waiting(Job job, Optional<String> owner, boolean global) {
        if (owner.isPresent() && !isDraining(owner.get())) {
            return null;
        }
        if (job.name().contains("@.")) {
            return new Waiting("a template is never scheduled; start an instance of it", List.of());
        }
        Cluster cluster = new Cluster();
        registry.list(registry.layout().cluster())
                .forEach(stored -> cluster.put(stored.entry(), stored.revision()));
        if (cluster.requirements(job.name()).isEmpty()) {
            return new Waiting("its text can't be read from the store", List.of());
        }
        long now = clock.now().toEpochMilli();
        Optional<String> hold = cluster.hold(job.name(), now);
        if (hold.isPresent()) {
            return new Waiting(hold.get(), List.of());
        }
        Schedule schedule = cluster.schedule(now);
        Map<String, String> machines =
                cluster.machines().stream().collect(Collectors.toMap(Machine::id, Machine::label));
        List<RefusalBody> refusals =
                schedule.refusals(job.name()).stream().map(Status::body).toList();
        if (global) {
            return refusals.isEmpty()
                    ? null
                    : new Waiting(
                            "%d of %d machines can't have it"
                                    .formatted(refusals.size(), machines.size()),
                            refusals);
        }
        return new Waiting(sentence(job, owner, schedule, machines), refusals);
    }

    private boolean isDraining(String machine) {
        return registry.get(new Key.OfEligibility(machine), Entry.OfEligibility.class)
                .filter(said -> said.eligibility() == Eligibility.DRAINING)
                .isPresent();
    }

    private static String sentence(
            Job job, Optional<String> owner, Schedule schedule, Map<String, String> machines) {
        if (machines.isEmpty()) {
            return "no machine is in the cluster";
        }
        return schedule.placement(job.name())
                .map(place ->
                        owner.filter(place.machineId()::equals).isPresent()
                                ? place.reason()
                                : "about to go to "
                                        + machines.get(place.machineId())
                                        + "; waiting for the engine")
                .orElse("no machine can have it");
    }

    static RefusalBody body(Refusal refusal) {
        return new RefusalBody(refusal.machineId(), refusal.machine(), refusal.reason());
    }
}
