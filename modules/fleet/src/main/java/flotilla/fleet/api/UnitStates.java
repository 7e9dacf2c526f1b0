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

/** {@code /state}: what the machines say of their units. */
final class UnitStates {
    private static final Comparator<PublishedState> ORDER =
            Comparator.comparing(PublishedState::unit).thenComparing(PublishedState::machineId);

    private final Registry registry;
    private final int limit;

    UnitStates(Registry registry, int limit) {
        this.registry = registry;
        this.limit = limit;
    }

    Response list(Request request) throws ApiException {
        PageToken token = PageToken.of(request.parameter("nextPageToken"), limit);
        String machine = request.parameter("machineID").orElse("");
        String unit = request.parameter("unitName").orElse("");
        List<PublishedState> found =
                unit.isEmpty()
                        ? states(machine).stream().sorted(ORDER).toList()
                        : of(unit).stream()
                                .filter(said ->
                                        machine.isEmpty() || said.machineId().equals(machine))
                                .toList();
        return token.answer(found, "states", page -> page.stream().map(StateBody::of).toList());
    }

    private List<PublishedState> states(String machineId) {
        String prefix =
                machineId.isEmpty()
                        ? registry.layout().states()
                        : registry.layout().states(machineId);
        return registry.list(prefix, Entry.OfState.class).stream()
                .map(Entry.OfState::state)
                .toList();
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
        List<Key> keys =
                registry.list(registry.layout().machines(), Entry.OfMachine.class).stream()
                        .map(entry -> (Key) new Key.OfState(entry.machine().id(), unit))
                        .toList();
        return registry.getAll(keys).values().stream()
                .filter(Entry.OfState.class::isInstance)
                .map(entry -> ((Entry.OfState) entry).state())
                .sorted(ORDER)
                .toList();
    }
}
