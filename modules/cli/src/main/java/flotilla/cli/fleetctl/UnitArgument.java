package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
            throw new CommandFailure(typed + ": " + problem.get());
        }
        return new UnitName(name);
    }

    private static String withSuffix(String name) {
        return SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1))
                ? name
                : name + ".service";
    }

    /** The unit file that was named, if there is one. */
    Optional<UnitFile> file() {
        return read(Path.of(typed).resolveSibling(name().full()));
    }

    /** The template beside it, if it is an instance and there is one. */
    Optional<UnitFile> templateFile() {
        return name().template().flatMap(name -> read(Path.of(typed).resolveSibling(name.full())));
    }

    private static Optional<UnitFile> read(Path path) {
        if (Files.isDirectory(path)) {
            return Optional.empty();
        }
        try {
            UnitFile file = UnitFile.parse(Files.readString(path));
            if (!file.problems().isEmpty()) {
                throw new CommandFailure(path + ":" + file.problems().getFirst());
            }
            return Optional.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CommandFailure(path + " can't be read: " + e.getMessage());
        }
    }
}
