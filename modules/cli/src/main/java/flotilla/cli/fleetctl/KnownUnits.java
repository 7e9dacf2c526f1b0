package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.units.Glob;
import flotilla.units.UnitName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Units as they were typed where the cluster knows them. As with systemctl a name may be a glob
 * ({@code 'api@*'}), which stands for those that match and that the command means something to;
 * templates are only meant by their full name.
 */
record KnownUnits(FleetClient fleet) {
    /** Anything the cluster knows. */
    static boolean any(UnitBody unit) {
        return true;
    }

    /** Wanted on some machine, or on its way from one. */
    static boolean active(UnitBody unit) {
        return !"inactive".equals(unit.desiredState()) || !"inactive".equals(unit.currentState());
    }

    /** The same, with the names that a glob stands for in its place; each unit once. */
    List<String> named(List<String> typed, Predicate<UnitBody> meant) {
        if (typed.stream().noneMatch(KnownUnits::isGlob)) {
            return List.copyOf(new LinkedHashSet<>(typed));
        }
        List<UnitBody> all = fleet.listUnits();
        Set<String> names = new LinkedHashSet<>();
        for (String argument : typed) {
            if (isGlob(argument)) {
                names.addAll(matching(argument, all, meant));
            } else {
                names.add(argument);
            }
        }
        return List.copyOf(names);
    }

    private static List<String> matching(
            String glob, List<UnitBody> all, Predicate<UnitBody> meant) {
        String pattern = UnitArgument.withSuffix(glob);
        List<String> found =
                all.stream()
                        .filter(meant)
                        .map(unit -> String.valueOf(unit.name()))
                        .filter(name -> Glob.matches(pattern, name))
                        .filter(name -> !new UnitName(name).isTemplate())
                        .sorted()
                        .toList();
        if (found.isEmpty()) {
            throw new CommandFailure(
                    "no unit matches " + glob + ": see 'flotilla list-unit-files'");
        }
        return found;
    }

    /** Unit names may have {@code ?} and {@code [}; a star makes it a glob. */
    private static boolean isGlob(String typed) {
        return typed.indexOf('*') >= 0;
    }

    UnitBody get(String typed) {
        String name = new UnitArgument(typed).name().full();
        return fleet.unit(name).orElseThrow(() -> new CommandFailure(isMissing(name)));
    }

    /** Empty when the cluster has none of that name, which is said on stderr. */
    Optional<UnitBody> find(String typed) {
        String name = new UnitArgument(typed).name().full();
        Optional<UnitBody> found = fleet.unit(name);
        if (found.isEmpty()) {
            System.err.println(isMissing(name));
        }
        return found;
    }

    private static String isMissing(String name) {
        return "Unit " + name + " does not exist.";
    }
}
