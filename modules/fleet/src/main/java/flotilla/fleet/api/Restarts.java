package flotilla.fleet.api;

import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Turn;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /flotilla/v1/restart}: units are to be started anew, one after another as they are
 * named, or all together. It is only asked here, as a later generation of each; engine and agents
 * do it, whatever becomes of who asked.
 */
final class Restarts {
    /** Units of one request. */
    private static final int MAX_UNITS = 1_000;

    /** How often it is tried when others change some of the units at the same time. */
    private static final int MAX_ATTEMPTS = 5;

    /** Units of one transaction: a wish, a line of history, and a count of its lines for each. */
    private static final int TOGETHER = Registry.MAX_OPERATIONS / 3;

    private final Registry registry;
    private final Wishes wishes;

    Restarts(Registry registry, Wishes wishes) {
        this.registry = registry;
        this.wishes = wishes;
    }

    private record Asked(@Nullable List<@Nullable String> units, boolean together) {}

    /** All are looked at first; what can't be started anew refuses the whole request. */
    Response post(Request request) throws ApiException {
        Api.requireJson(request);
        Asked asked = read(request);
        List<String> units = names(asked);
        for (String unit : units) {
            require(unit, registry.get(new Key.OfJob(unit)));
        }
        String wave = UUID.randomUUID().toString();
        Map<String, Long> generations = new LinkedHashMap<>();
        for (int from = 0; from < units.size(); from += TOGETHER) {
            int to = Math.min(units.size(), from + TOGETHER);
            Map<String, Turn> turns = new LinkedHashMap<>();
            for (int i = from; i < to; i++) {
                turns.put(units.get(i), new Turn(wave, asked.together() ? 0 : i));
            }
            generations.putAll(ask(turns, request));
        }
        return Response.json(200, Json.write(Map.of("generations", generations)));
    }

    private static Asked read(Request request) throws ApiException {
        try {
            return Json.read(request.text(), Asked.class);
        } catch (RuntimeException e) {
            throw new ApiException(400, "unable to decode body: " + e.getMessage());
        }
    }

    /** Each once. */
    private static List<String> names(Asked asked) throws ApiException {
        LinkedHashSet<String> names = new LinkedHashSet<>();
        for (@Nullable String name : Optional.ofNullable(asked.units()).orElse(List.of())) {
            if (name == null) {
                throw new ApiException(400, "the name of a unit is null");
            }
            names.add(name);
        }
        if (names.isEmpty() || names.size() > MAX_UNITS) {
            throw new ApiException(400, "want 1 to %d units".formatted(MAX_UNITS));
        }
        return List.copyOf(names);
    }

    private static Job require(String unit, Optional<Stored> stored) throws ApiException {
        if (stored.isEmpty()) {
            throw new ApiException(404, "unit " + unit + " does not exist");
        }
        if (!(stored.get().entry() instanceof Entry.OfJob(Job job))) {
            throw new ApiException(409, "what is wanted of unit " + unit + " can't be read");
        }
        if (job.desired() == JobState.INACTIVE) {
            throw new ApiException(409, "unit " + unit + " is wanted inactive: start it");
        }
        return job;
    }

    /** In one transaction: all of them or none. The generation of each. */
    private Map<String, Long> ask(Map<String, Turn> turns, Request request) throws ApiException {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Map<Job, Long> next = new LinkedHashMap<>();
            for (Map.Entry<String, Turn> turn : turns.entrySet()) {
                Optional<Stored> stored = registry.get(new Key.OfJob(turn.getKey()));
                next.put(
                        anew(require(turn.getKey(), stored), turn.getValue()),
                        stored.map(Stored::revision).orElse(0L));
            }
            List<Deed> deeds =
                    next.keySet().stream()
                            .map(job -> wishes.of(Deed.What.RESTARTED, job, request))
                            .toList();
            if (registry.history().commit(() -> transaction(next), deeds).getSucceeded()) {
                Map<String, Long> generations = new LinkedHashMap<>();
                next.keySet().forEach(job -> generations.put(job.name(), job.generation()));
                return generations;
            }
        }
        throw new ApiException(
                409,
                "units are being changed by others, none of these is started anew: "
                        + String.join(" ", turns.keySet()));
    }

    private Txn transaction(Map<Job, Long> next) {
        Txn txn = registry.txn();
        next.forEach((job, revision) ->
                txn.when(registry.unchanged(new Key.OfJob(job.name()), revision))
                        .then(registry.put(new Entry.OfJob(job))));
        return txn;
    }

    /** One that was stopped is started. */
    private static Job anew(Job job, Turn turn) {
        Job launched =
                new Job(
                        job.name(),
                        job.hash(),
                        JobState.LAUNCHED,
                        job.generation(),
                        job.turn(),
                        job.previous());
        return launched.again(turn);
    }
}
