package flotilla.fleet.api;

import flotilla.fleet.api.Wishes.Guard;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Phase;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Rollout.Stage;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.schedule.Requirements;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code /flotilla/v1/rollouts}: a new text for a template's instances one after another, for one
 * unit, or for a global unit's machines one after another. It is only asked here; engine and agents
 * do it, whatever becomes of who asked.
 */
final class Rollouts {
    /** How often it is tried when others change the rollout at the same time. */
    private static final int MAX_ATTEMPTS = 5;

    private final Registry registry;
    private final RolloutUnits units;
    private final Wishes wishes;
    private final Clock clock;

    /**
     * @param wishes tells who asks
     */
    Rollouts(Registry registry, Wishes wishes) {
        this.clock = wishes.clock();
        this.registry = registry;
        this.wishes = wishes;
        this.units = new RolloutUnits(registry);
    }

    Response list() {
        List<RolloutBody> bodies =
                registry.list(registry.layout().rollouts(), Entry.OfRollout.class).stream()
                        .map(entry -> RolloutBody.of(entry.rollout(), null))
                        .toList();
        return Response.json(200, Json.write(Map.of("rollouts", bodies)));
    }

    Response get(String name) throws ApiException {
        return shown(rollout(name, stored(name)));
    }

    private Response shown(Rollout rollout) {
        return Response.json(200, Json.write(RolloutBody.of(rollout, units.members(rollout))));
    }

    private Optional<Stored> stored(String name) {
        return registry.get(new Key.OfRollout(name));
    }

    private static Rollout rollout(String name, Optional<Stored> stored) throws ApiException {
        if (stored.isEmpty()) {
            throw new ApiException(404, "there is no rollout of " + name);
        }
        if (!(stored.get().entry() instanceof Entry.OfRollout(Rollout rollout))) {
            throw new ApiException(
                    409, "the rollout of " + name + " can't be read: a later version began it");
        }
        return rollout;
    }

    Response post(Request request) throws ApiException {
        Api.requireJson(request);
        RolloutRequest asked = read(request, RolloutRequest.class);
        UnitName set = set(asked.name());
        List<UnitOption> options = Optional.ofNullable(asked.options()).orElse(List.of());
        if (options.isEmpty()) {
            throw new ApiException(400, "the new text is missing: options is empty");
        }
        Entry.OfText text = Submission.text(set, options);
        Terms terms = new Terms(policy(asked), asked.replace(), wishes.who(request));
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Rollout> begun = attempt(set, text, terms);
            if (begun.isPresent()) {
                return shown(begun.get());
            }
        }
        throw new ApiException(409, set + " is being changed by others; try again");
    }

    private static <T> T read(Request request, Class<T> type) throws ApiException {
        try {
            return Json.read(request.text(), type);
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
    }

    private static UnitName set(@Nullable String name) throws ApiException {
        String given = Objects.requireNonNullElse(name, "");
        Optional<String> problem = UnitName.problem(given);
        if (problem.isPresent()) {
            throw new ApiException(400, problem.get());
        }
        UnitName set = new UnitName(given);
        if (set.template().isPresent()) {
            throw new ApiException(
                    400,
                    "%s is one instance: roll %s out, or give this one its text with 'start --replace'"
                            .formatted(set, set.template().get()));
        }
        return set;
    }

    private static Policy policy(RolloutRequest asked) throws ApiException {
        Policy otherwise = Policy.DEFAULT;
        try {
            return new Policy(
                    Objects.requireNonNullElse(asked.parallelism(), otherwise.parallelism()),
                    Objects.requireNonNullElse(
                            asked.minHealthyMillis(), otherwise.minHealthyMillis()),
                    Objects.requireNonNullElse(asked.deadlineMillis(), otherwise.deadlineMillis()),
                    Objects.requireNonNullElse(asked.autoUndo(), otherwise.autoUndo()));
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, String.valueOf(e.getMessage()));
        }
    }

    /**
     * @param replace also while another rollout of it has not come to its end
     * @param by who asks, as far as that is known
     */
    private record Terms(Policy policy, boolean replace, String by) {}

    /** Empty when it changed meanwhile. The template has the new text at once. */
    private Optional<Rollout> attempt(UnitName set, Entry.OfText text, Terms terms)
            throws ApiException {
        Optional<Stored> running = stored(set.full());
        requireOver(set, running, terms.replace());
        Key key = new Key.OfJob(set.full());
        Optional<Stored> known = registry.get(key);
        List<Job> members = units.of(set);
        if (known.isEmpty() && members.isEmpty()) {
            throw new ApiException(404, set + " does not exist: submit it");
        }
        Set<String> from = from(set, members, text);
        Optional<Job> template =
                known.map(Stored::entry)
                        .filter(Entry.OfJob.class::isInstance)
                        .map(entry -> ((Entry.OfJob) entry).job())
                        .filter(_ -> set.isTemplate());
        Rollout rollout =
                new Rollout(
                        set.full(),
                        text.hash(),
                        set.isTemplate() ? template.map(Job::hash) : before(members, text, running),
                        from,
                        terms.policy(),
                        new Stage(Phase.RUNNING, "", clock.now().toEpochMilli()),
                        terms.by());
        Entry.OfRollout entry = new Entry.OfRollout(rollout);
        List<Entry> entries = new ArrayList<>(List.of(text, entry));
        template.filter(job -> !job.hash().equals(text.hash()))
                .ifPresent(job -> entries.add(new Entry.OfJob(job.rolledTo(text.hash()))));
        List<Guard> guards =
                List.of(new Guard(entry.key(), revision(running)), new Guard(key, revision(known)));
        boolean written = wishes.write(guards, entries, Deed.begun(rollout));
        return written ? Optional.of(rollout) : Optional.empty();
    }

    private static long revision(Optional<Stored> stored) {
        return stored.map(Stored::revision).orElse(0L);
    }

    private static void requireOver(UnitName set, Optional<Stored> running, boolean replace)
            throws ApiException {
        if (running.isEmpty()) {
            return;
        }
        Phase phase = rollout(set.full(), running).phase();
        if (!phase.isOver() && !replace) {
            throw new ApiException(
                    409,
                    "the rollout of %s is %s: undo it first, or ask for this one in its place"
                            .formatted(set, phase.text()));
        }
    }

    /** The texts that units of the set have now. */
    private Set<String> from(UnitName set, List<Job> members, Entry.OfText text)
            throws ApiException {
        Set<String> from =
                members.stream()
                        .map(Job::hash)
                        .filter(old -> !old.equals(text.hash()))
                        .collect(Collectors.toSet());
        if (from.size() > Rollout.TEXTS_MAX) {
            throw new ApiException(
                    409,
                    "units of %s have %d different texts, at most %d can be remembered"
                            .formatted(set, from.size(), Rollout.TEXTS_MAX));
        }
        boolean global = isGlobal(set, text.text());
        for (Entry old : registry.getAll(from.stream().map(Key.OfText::new).toList()).values()) {
            if (old instanceof Entry.OfText before && isGlobal(set, before.text()) != global) {
                throw new ApiException(
                        409,
                        ("%s is %s by its present text and %s by the new one: that is no rollout;"
                                        + " change it with 'start --replace'")
                                .formatted(set, words(!global), words(global)));
            }
        }
        return from;
    }

    private static String words(boolean global) {
        return global ? "global" : "not global";
    }

    private static boolean isGlobal(UnitName set, String text) {
        String unit = set.isTemplate() ? set.instance("instance").full() : set.full();
        return Requirements.of(unit, text).map(Requirements::global).orElse(false);
    }

    private static Optional<String> before(
            List<Job> unit, Entry.OfText text, Optional<Stored> running) {
        Optional<Rollout> earlier =
                running.map(Stored::entry)
                        .filter(Entry.OfRollout.class::isInstance)
                        .map(entry -> ((Entry.OfRollout) entry).rollout());
        return unit.stream()
                .findFirst()
                .flatMap(job -> Rollout.before(earlier, job.hash(), text.hash()));
    }

    private record Steering(@Nullable String action) {}

    Response steer(String name, Request request) throws ApiException {
        Api.requireJson(request);
        String action = Objects.requireNonNullElse(read(request, Steering.class).action(), "");
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<Stored> stored = stored(name);
            Rollout rollout = rollout(name, stored);
            Phase next = next(rollout, action);
            if (next == rollout.phase()) {
                return shown(rollout);
            }
            String reason = next == Phase.UNDOING ? "asked for" : "";
            Entry.OfRollout steered =
                    new Entry.OfRollout(
                            rollout.in(new Stage(next, reason, clock.now().toEpochMilli())));
            Guard guard = new Guard(steered.key(), revision(stored));
            Deed deed = Deed.steered(steered.rollout(), wishes.who(request));
            if (wishes.write(guard, List.of(steered), deed)) {
                return shown(steered.rollout());
            }
        }
        throw new ApiException(
                409, "the rollout of " + name + " is being changed by others; try again");
    }

    /** What is so already stays so: who did not hear of it asks once more. */
    private static Phase next(Rollout rollout, String action) throws ApiException {
        Phase phase = rollout.phase();
        Optional<Phase> next =
                switch (action) {
                    case "pause" ->
                            phase == Phase.RUNNING || phase == Phase.PAUSED
                                    ? Optional.of(Phase.PAUSED)
                                    : Optional.empty();
                    case "resume" ->
                            phase == Phase.RUNNING || phase == Phase.PAUSED || phase == Phase.FAILED
                                    ? Optional.of(Phase.RUNNING)
                                    : Optional.empty();
                    case "undo" ->
                            Optional.of(phase == Phase.UNDONE ? Phase.UNDONE : Phase.UNDOING);
                    default ->
                            throw new ApiException(
                                    400,
                                    "action \"%s\" is none of pause, resume, undo"
                                            .formatted(action));
                };
        return next.orElseThrow(() ->
                new ApiException(
                        409,
                        "can't %s the rollout of %s: it is %s"
                                .formatted(action, rollout.name(), phase.text())));
    }
}
