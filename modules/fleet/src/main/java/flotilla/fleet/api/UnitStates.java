package flotilla.fleet.api;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code /state}: what the machines say of their units. */
final class UnitStates {
    private static final Comparator<PublishedState> ORDER =
            Comparator.comparing(PublishedState::unit).thenComparing(PublishedState::machineId);

    private static final Comparator<Key.OfState> KEY_ORDER =
            Comparator.comparing(Key.OfState::unit).thenComparing(Key.OfState::machineId);

    private final Registry registry;
    private final int limit;
    private final Paging<Entry.OfState> paging;

    UnitStates(Registry registry, int limit) {
        this.registry = registry;
        this.limit = limit;
        this.paging = new Paging<>(registry, limit, "states", Entry.OfState.class);
    }

    /**
     * By unit, then machine, which clients of the original print as it is. The store has them the
     * other way round: of those that are not on the page only the keys are read.
     */
    Response list(Request request) throws ApiException {
        PageToken token = PageToken.of(request.parameter("nextPageToken"), limit);
        String machine = request.parameter("machineID").orElse("");
        String unit = request.parameter("unitName").orElse("");
        if (unit.isEmpty() && !machine.isEmpty()) {
            return paging.list(request, registry.layout().states(machine), UnitStates::bodies);
        }
        List<Key.OfState> keys =
                (unit.isEmpty() ? all() : everywhere(unit))
                        .filter(key -> machine.isEmpty() || key.machineId().equals(machine))
                        .sorted(KEY_ORDER)
                        .toList();
        int from = (int) Math.min(keys.size(), (token.page() - 1L) * limit);
        int to = Math.min(keys.size(), from + limit);
        List<StateBody> page = read(keys.subList(from, to)).stream().map(StateBody::of).toList();
        String next = to < keys.size() ? token.next("").text() : "";
        return Response.json(200, new Page<>(page, next).json("states"));
    }

    /** By machine, then unit, as they lie in the store: for who sorts them himself. */
    Response listAsStored(Request request) throws ApiException {
        return paging.list(request, registry.layout().states(), UnitStates::bodies);
    }

    private static List<StateBody> bodies(List<Entry.OfState> page) {
        return page.stream().map(entry -> StateBody.of(entry.state())).toList();
    }

    Response get(String unit) throws ApiException {
        PublishedState state =
                of(unit).stream()
                        .findFirst()
                        .orElseThrow(() -> new ApiException(404, "unit does not exist"));
        return Response.json(200, Json.write(StateBody.of(state)));
    }

    /** What all machines say of one unit, by machine; asks for one key per machine. */
    List<PublishedState> of(String unit) {
        return read(everywhere(unit).toList());
    }

    private Stream<Key.OfState> all() {
        return keys(registry.layout().states(), Key.OfState.class);
    }

    private Stream<Key.OfState> everywhere(String unit) {
        return keys(registry.layout().machines(), Key.OfMachine.class)
                .map(machine -> new Key.OfState(machine.machineId(), unit));
    }

    private <K extends Key> Stream<K> keys(String prefix, Class<K> kind) {
        return registry.keys(prefix).stream().filter(kind::isInstance).map(kind::cast);
    }

    private List<PublishedState> read(List<Key.OfState> keys) {
        return registry.getAll(keys).values().stream()
                .filter(Entry.OfState.class::isInstance)
                .map(entry -> ((Entry.OfState) entry).state())
                .sorted(ORDER)
                .toList();
    }
}
