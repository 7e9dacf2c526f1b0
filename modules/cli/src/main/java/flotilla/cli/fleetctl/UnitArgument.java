package flotilla.cli.fleetctl;

import flotilla.cli.command.UsageFailure;
import flotilla.units.UnitName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A unit as it was typed: a name, or a path whose last part is one. Without a suffix that fleetctl
 * knows it is a service.
 */
record UnitArgument(String typed) {
    private static final Set<String> SUFFIXES =
            Set.of("service", "socket", "timer", "path", "device", "mount", "automount");

    UnitName name() {
        String name = withSuffix(Path.of(typed).getFileName().toString());
        Optional<String> problem = UnitName.problem(name);
        if (problem.isPresent()) {
            throw new UsageFailure(typed + ": " + problem.get());
        }
        return new UnitName(name);
    }

    static String withSuffix(String name) {
        return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1))
                ? name
                : name + ".service";
    }

    /** The unit file that was named, if there is one. */
    Optional<UnitSource> file() {
        return UnitSource.read(Path.of(typed).resolveSibling(name().full()));
    }

    /** The template beside it, if it is an instance and there is one. */
    Optional<UnitSource> templateFile() {
        return name().template()
                .flatMap(name -> UnitSource.read(Path.of(typed).resolveSibling(name.full())));
    }
}
