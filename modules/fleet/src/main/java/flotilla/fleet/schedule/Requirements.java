package flotilla.fleet.schedule;

import flotilla.fleet.job.Handover;
import flotilla.fleet.job.OnLost;
import flotilla.units.FleetOptions;
import flotilla.units.Preferences;
import flotilla.units.Resources;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a unit asks of the machine it runs on: its [X-Fleet] section and its resources.
 *
 * @param machineOf units that must sit on the same machine, all of them
 * @param metadata any of the values, of each name
 * @param conflicts globs of unit names that must not; it holds in both directions
 * @param replaces globs of unit names that give way to it: they leave the machine it comes to
 * @param preferences what decides between machines that can all have it
 * @param handover how it goes from one machine to another
 * @param onLost what becomes of it when its machine is cut off
 */
public record Requirements(
        Optional<String> machineId,
        List<String> machineOf,
        Map<String, Set<String>> metadata,
        List<String> conflicts,
        List<String> replaces,
        boolean global,
        Demand demand,
        Preferences preferences,
        Handover handover,
        OnLost onLost) {
    public Requirements {
        machineOf = List.copyOf(machineOf);
        Map<String, Set<String>> sorted = new TreeMap<>();
        metadata.forEach((name, values) -> sorted.put(name, new TreeSet<>(values)));
        metadata = Collections.unmodifiableMap(sorted);
        conflicts = List.copyOf(conflicts);
        replaces = List.copyOf(replaces);
    }

    /** As they are where units that don't say how they are placed are packed, or not. */
    public Requirements orPacked(boolean byDefault) {
        return preferences.orPacked(byDefault).equals(preferences)
                ? this
                : new Requirements(
                        machineId,
                        machineOf,
                        metadata,
                        conflicts,
                        replaces,
                        global,
                        demand,
                        preferences.orPacked(byDefault),
                        handover,
                        onLost);
    }

    /** Of a unit that is there and is not moved: it keeps its room, and comes nowhere else. */
    public Requirements pinnedTo(String machine) {
        return new Requirements(
                Optional.of(machine),
                List.of(),
                Map.of(),
                conflicts,
                replaces,
                global,
                demand,
                preferences,
                handover,
                onLost);
    }

    /** Globs of all units that must not be there when it comes, or come where it is. */
    public List<String> shunned() {
        return Stream.concat(conflicts.stream(), replaces.stream()).toList();
    }

    /** Empty when the text's [X-Fleet] section asks for what no machine could ever give. */
    public static Optional<Requirements> of(String unit, String text) {
        UnitFile file = UnitFile.parse(text);
        if (UnitName.problem(unit).isPresent()) {
            return Optional.empty();
        }
        UnitName name = new UnitName(unit);
        FleetOptions options = FleetOptions.of(file, name);
        return options.problems().isEmpty()
                ? Optional.of(of(options, Resources.of(file), Policies.of(file, name, options)))
                : Optional.empty();
    }

    private static Requirements of(FleetOptions options, Resources resources, Policies policies) {
        OptionalLong milliCpus =
                resources.cpus().isPresent()
                        ? OptionalLong.of(Math.round(resources.cpus().getAsDouble() * 1000))
                        : OptionalLong.empty();
        return new Requirements(
                options.machineId(),
                options.machineOf(),
                options.metadata(),
                options.conflicts(),
                options.replaces(),
                options.global(),
                new Demand(resources.memoryBytes(), milliCpus),
                options.preferences(),
                policies.handover(),
                policies.onLost());
    }
}
