package flotilla.fleet.api;

import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import flotilla.platform.http.Request;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which changes a reader wants to hear of. Each set has commas in between where it is written, and
 * lets everything pass when it is empty.
 *
 * @param units names; what is of no unit doesn't pass
 * @param machines ids; what is of no machine doesn't pass
 */
public record EventFilter(Set<String> kinds, Set<String> units, Set<String> machines) {
    private static final Set<String> OF_UNITS =
            Set.of(
                    "unit",
                    "owner",
                    "placement",
                    "acknowledgement",
                    "strikes",
                    "state",
                    "rollout",
                    EventBody.HISTORY);
    private static final Set<String> OF_OTHERS =
            Set.of(
                    "text",
                    "defaults",
                    "machine",
                    "metadata",
                    "eligibility",
                    "sighting",
                    "leaving",
                    "unknown");

    public EventFilter {
        kinds = Set.copyOf(kinds);
        units = Set.copyOf(units);
        machines = Set.copyOf(machines);
    }

    static EventFilter of(Request request) throws ApiException {
        Set<String> kinds = named("kind", request);
        for (String kind : kinds) {
            if (!OF_UNITS.contains(kind) && !OF_OTHERS.contains(kind)) {
                throw new ApiException(400, "there are no events of kind \"" + kind + "\"");
            }
        }
        return new EventFilter(kinds, named("unit", request), named("machine", request));
    }

    private static Set<String> named(String parameter, Request request) {
        return request.query().getOrDefault(parameter, List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** As {@link #of} reads it. */
    String query() {
        String query =
                Stream.of(part("kind", kinds), part("unit", units), part("machine", machines))
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : "?" + query;
    }

    private static String part(String parameter, Set<String> names) {
        return names.isEmpty()
                ? ""
                : names.stream()
                        .sorted()
                        .map(FleetClient::quoted)
                        .collect(Collectors.joining(",", parameter + "=", ""));
    }

    boolean passes(EventBody event) {
        // That a line of history goes for its age is no news.
        boolean isNews = !event.removed() || !event.kind().equals(EventBody.HISTORY);
        return isNews
                && within(kinds, event.kind())
                && within(units, OF_UNITS.contains(event.kind()) ? event.name() : null)
                && within(machines, event.machineID());
    }

    /** Whether a line of history may pass, as far as its key says. */
    boolean mayPass(Key.OfHistory line) {
        return units.isEmpty() || (line.subject().equals("unit") && units.contains(line.name()));
    }

    /** Of what went from one machine to another, both. */
    boolean passes(Deed deed) {
        return within(units, deed.unit())
                && (within(machines, deed.machineId()) || within(machines, deed.fromId()));
    }

    private static boolean within(Set<String> wanted, @Nullable String name) {
        return wanted.isEmpty() || (name != null && wanted.contains(name));
    }
}
