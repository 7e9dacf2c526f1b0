package flotilla.fleet.api;

import flotilla.fleet.api.HistoryBody.MomentBody;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Past;
import flotilla.fleet.registry.History;
import flotilla.fleet.registry.HistoryPage;
import flotilla.fleet.registry.HistoryPlace;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code /flotilla/v1/units/NAME/history} and {@code /flotilla/v1/history}: what was done. */
final class Histories {
    /** Lines of one answer about all units when it isn't said how many. */
    private static final int LINES = 100;

    /** How often it is read when the unit moves meanwhile. */
    private static final int MAX_ATTEMPTS = 3;

    private final Registry registry;
    private final Clock clock;

    Histories(Registry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** All that is kept of one unit, also of one that is not known any more. */
    Response ofUnit(String name, Request request) throws ApiException {
        Instant since = time("since", request).orElse(Instant.EPOCH);
        Instant until = time("until", request).orElse(Instant.MAX);
        Optional<Instant> at = time("at", request);
        Past past = past(name);
        if (past.lines().isEmpty() && past.desired().isEmpty()) {
            throw new ApiException(404, "nothing is kept of unit " + name);
        }
        Instant known =
                Instant.ofEpochMilli(past.knownSinceMillis(keptMillis(), History.LINES_MAX));
        List<DeedBody> lines =
                past.lines().stream()
                        .filter(deed -> isWithin(deed, since, until))
                        .map(DeedBody::of)
                        .toList();
        MomentBody moment =
                at.map(time -> MomentBody.of(time, past.at(time.toEpochMilli()))).orElse(null);
        return Response.json(
                200, Json.write(new HistoryBody(lines, known.toString(), moment, null)));
    }

    /** Read until lines and places belong together: no line may come between. */
    private Past past(String unit) {
        List<Deed> lines = registry.history().ofUnit(unit);
        for (int attempt = 1; true; attempt++) {
            Set<String> machines = machines(unit);
            Optional<Job> job =
                    registry.get(new Key.OfJob(unit), Entry.OfJob.class).map(Entry.OfJob::job);
            List<Deed> again = registry.history().ofUnit(unit);
            if (again.equals(lines) || attempt == MAX_ATTEMPTS) {
                return new Past(again, machines, job.map(Job::desired));
            }
            lines = again;
        }
    }

    /** The owner, and of a global unit all that are told of it. */
    private Set<String> machines(String unit) {
        Optional<String> owner =
                registry.get(new Key.OfOwner(unit), Entry.OfOwner.class)
                        .map(Entry.OfOwner::machineId);
        if (owner.isPresent()) {
            return Set.of(owner.get());
        }
        List<Key> keys =
                registry.keys(registry.layout().machines()).stream()
                        .filter(Key.OfMachine.class::isInstance)
                        .<Key>map(
                                key -> new Key.OfPlacement(((Key.OfMachine) key).machineId(), unit))
                        .toList();
        Map<Key, Entry> told = registry.getAll(keys);
        return told.keySet().stream()
                .map(key -> ((Key.OfPlacement) key).machineId())
                .collect(Collectors.toSet());
    }

    /** The last ones of all units and machines. */
    Response newest(Request request) throws ApiException {
        EventFilter about = EventFilter.of(request);
        Instant since = time("since", request).orElse(Instant.EPOCH);
        Instant until = time("until", request).orElse(Instant.MAX);
        boolean all =
                about.machines().isEmpty()
                        && since.equals(Instant.EPOCH)
                        && until.equals(Instant.MAX);
        Predicate<Deed> told = deed -> isWithin(deed, since, until) && about.passes(deed);
        HistoryPage page =
                registry.history()
                        .newest(
                                limit(request),
                                before(request),
                                new History.Wanted(
                                        about::mayPass,
                                        all ? Optional.empty() : Optional.of(told)));
        Instant known = Instant.ofEpochMilli(keptMillis());
        return Response.json(
                200,
                Json.write(
                        new HistoryBody(
                                page.lines().stream().map(DeedBody::of).toList(),
                                known.toString(),
                                null,
                                page.older().map(HistoryPlace::toString).orElse(null))));
    }

    private static HistoryPlace before(Request request) throws ApiException {
        Optional<String> text = request.parameter("before");
        Optional<HistoryPlace> place = text.flatMap(HistoryPlace::of);
        if (text.isPresent() && place.isEmpty()) {
            throw new ApiException(400, "before=" + text.get() + " is no place in the history");
        }
        return place.orElse(HistoryPlace.END);
    }

    private long keptMillis() {
        return clock.now().minus(History.KEPT).toEpochMilli();
    }

    private static boolean isWithin(Deed deed, Instant since, Instant until) {
        Instant at = Instant.ofEpochMilli(deed.atMillis());
        return !at.isBefore(since) && !at.isAfter(until);
    }

    private static int limit(Request request) throws ApiException {
        String text = request.parameter("limit").orElse(String.valueOf(LINES));
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= HistoryPages.LINES_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new ApiException(400, "limit \"" + text + "\" is no number");
        }
        throw new ApiException(
                400, "limit " + text + " is not between 1 and " + HistoryPages.LINES_MAX);
    }

    private static Optional<Instant> time(String parameter, Request request) throws ApiException {
        Optional<String> text = request.parameter(parameter);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException e) {
            throw new ApiException(
                    400,
                    "%s=%s: want a time such as 2014-07-14T14:05:00Z"
                            .formatted(parameter, text.orElse("")));
        }
    }
}
