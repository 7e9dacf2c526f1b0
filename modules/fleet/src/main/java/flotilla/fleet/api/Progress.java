package flotilla.fleet.api;

import flotilla.fleet.api.ProgressBody.Done;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Job;
import flotilla.fleet.registry.Registry;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /flotilla/v1/units/NAME/progress}: what was asked of a unit, and which of its machines
 * have carried it out. Reads two keys per machine that may have it.
 */
final class Progress {
    private final Registry registry;
    private final Units units;

    Progress(Registry registry, Units units) {
        this.registry = registry;
        this.units = units;
    }

    Response get(String name) throws ApiException {
        Job job = units.job(name);
        List<String> machines = candidates(name);
        List<Key> keys = new ArrayList<>();
        for (String machine : machines) {
            keys.add(new Key.OfPlacement(machine, name));
            keys.add(new Key.OfAcknowledgement(machine, name));
        }
        Map<Key, Stored> found = registry.storedAll(keys);
        List<Done> done = machines.stream().flatMap(id -> done(id, name, found).stream()).toList();
        return Response.json(
                200,
                Json.write(new ProgressBody(name, job.desired().text(), job.generation(), done)));
    }

    /** The owner; of one without, which may be global, all there are. */
    private List<String> candidates(String unit) {
        Optional<String> owner =
                registry.get(new Key.OfOwner(unit), Entry.OfOwner.class)
                        .map(Entry.OfOwner::machineId);
        return owner.map(List::of)
                .orElseGet(() ->
                        registry.keys(registry.layout().machines()).stream()
                                .filter(Key.OfMachine.class::isInstance)
                                .map(key -> ((Key.OfMachine) key).machineId())
                                .toList());
    }

    /** Empty when the machine is not told of the unit, or only to give it up. */
    private static Optional<Done> done(String machine, String unit, Map<Key, Stored> found) {
        Stored told = found.get(new Key.OfPlacement(machine, unit));
        if (told == null
                || !(told.entry() instanceof Entry.OfPlacement placement)
                || placement.assignment().isWithdrawn()) {
            return Optional.empty();
        }
        Stored said = found.get(new Key.OfAcknowledgement(machine, unit));
        long generation =
                said != null
                                && said.entry() instanceof Entry.OfAcknowledgement answer
                                && answer.said().placement() == told.revision()
                        ? answer.said().generation()
                        : 0;
        return Optional.of(new Done(machine, generation));
    }
}
