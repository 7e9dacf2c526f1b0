package flotilla.machine.embedded;

import flotilla.units.Glob;
import flotilla.units.UnitFile;
import flotilla.units.UnitOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Condition*= and Assert*= of systemd.unit(5): all must hold, of those marked {@code |} at least
 * one; {@code !} negates. Paths are the machine's own where it has them, else the host's.
 */
final class Conditions {
    private final UnitDirectories directories;
    private final String hostname;
    private final String machineId;
    private final Map<String, String> environment;

    Conditions(UnitDirectories directories, InitConfig config) {
        this.directories = directories;
        this.hostname = config.hostname();
        this.machineId = config.machineId();
        this.environment = config.defaultEnvironment();
    }

    /**
     * @param prefix {@code Condition} or {@code Assert}
     * @return the first that does not hold, as {@code NAME=VALUE}
     */
    Optional<String> unmet(LoadedUnit unit, String prefix) throws IOException {
        UnitFile file = unit.file();
        List<String> names =
                file.options().stream()
                        .filter(option -> option.section().equals("Unit"))
                        .map(UnitOption::name)
                        .filter(name -> name.startsWith(prefix))
                        .distinct()
                        .toList();
        Optional<String> triggering = Optional.empty();
        boolean triggered = false;
        for (String name : names) {
            for (String raw : file.values("Unit", name)) {
                boolean trigger = raw.startsWith("|");
                String rest = trigger ? raw.substring(1) : raw;
                boolean negated = rest.startsWith("!");
                String value = unit.specifiers().expand(negated ? rest.substring(1) : rest);
                boolean holds = test(name.substring(prefix.length()), value) != negated;
                if (trigger) {
                    triggered |= holds;
                    triggering = Optional.of(name + "=" + raw);
                } else if (!holds) {
                    return Optional.of(name + "=" + raw);
                }
            }
        }
        return triggered ? Optional.empty() : triggering;
    }

    private boolean test(String what, String value) throws IOException {
        Path path = directories.onMachine(value);
        return switch (what) {
            case "PathExists" -> Files.exists(path);
            case "PathIsDirectory" -> Files.isDirectory(path);
            case "PathIsSymbolicLink" -> Files.isSymbolicLink(path);
            case "PathExistsGlob" -> glob(path);
            case "DirectoryNotEmpty" -> !isEmptyDirectory(path);
            case "FileNotEmpty" -> Files.isRegularFile(path) && Files.size(path) > 0;
            case "FileIsExecutable" -> Files.isRegularFile(path) && Files.isExecutable(path);
            case "Host" -> value.equals(machineId) || Glob.matches(value, hostname);
            case "User" -> value.equals(System.getProperty("user.name"));
            case "KernelVersion" -> Glob.matches(value, System.getProperty("os.version", ""));
            case "Architecture" -> value.equals(architecture());
            case "Environment" -> {
                int equals = value.indexOf('=');
                yield equals < 0
                        ? environment.containsKey(value)
                        : value.substring(equals + 1)
                                .equals(environment.get(value.substring(0, equals)));
            }
            // Named as not honoured by Directives; it must not keep the unit down.
            default -> true;
        };
    }

    static String architecture() {
        String java = System.getProperty("os.arch", "");
        return switch (java) {
            case "amd64" -> "x86-64";
            case "aarch64" -> "arm64";
            default -> java;
        };
    }

    private static boolean glob(Path pattern) throws IOException {
        Path folder = pattern.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file ->
                    Glob.matches(pattern.getFileName().toString(), file.getFileName().toString()));
        }
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return true;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }
}
