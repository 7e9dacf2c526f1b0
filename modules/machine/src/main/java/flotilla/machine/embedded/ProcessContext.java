package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Spawner;
import flotilla.machine.process.Spawner.Output;
import flotilla.units.UnitFile;
import flotilla.units.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a unit's processes run in: environment, directory, user, output (systemd.exec(5)). */
final class ProcessContext {
    private final InitConfig config;
    private final UnitDirectories directories;

    ProcessContext(InitConfig config, UnitDirectories directories) {
        this.config = config;
        this.directories = directories;
    }

    /**
     * @param told what the init tells this process, such as INVOCATION_ID
     * @throws IOException when an EnvironmentFile= without {@code -} can't be read
     */
    Map<String, String> environment(LoadedUnit unit, Map<String, String> told) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", Spawner.PATH);
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", System.getProperty("user.home", "/"));
        environment.put("USER", System.getProperty("user.name", ""));
        environment.put("LOGNAME", System.getProperty("user.name", ""));
        environment.putAll(config.defaultEnvironment());
        UnitFile file = unit.file();
        for (String line : file.values("Service", "Environment")) {
            for (String word : Words.split(line)) {
                assign(environment, unit.specifiers().expand(word));
            }
        }
        for (String name : file.values("Service", "EnvironmentFile")) {
            boolean optional = name.startsWith("-");
            String expanded = unit.specifiers().expand(optional ? name.substring(1) : name);
            Path path = directories.onMachine(expanded);
            if (Files.isRegularFile(path)) {
                readAssignments(Files.readString(path), environment);
            } else if (!optional) {
                throw new IOException("Failed to load environment file " + expanded);
            }
        }
        for (String line : file.values("Service", "UnsetEnvironment")) {
            Words.split(line).forEach(environment::remove);
        }
        environment.putAll(told);
        environment.put(ProcessTable.MACHINE_MARK, config.machineId());
        environment.put(ProcessTable.UNIT_MARK, unit.name());
        return environment;
    }

    /** Lines of NAME=VALUE with shell-like quotes; {@code #} and {@code ;} begin comments. */
    static void readAssignments(String text, Map<String, String> environment) {
        for (String line : text.replace("\\\n", "").split("\n")) {
            String content = line.strip();
            int equals = content.indexOf('=');
            if (equals <= 0 || content.startsWith("#") || content.startsWith(";")) {
                continue;
            }
            String value = content.substring(equals + 1).strip();
            if (value.startsWith("\"") || value.startsWith("'")) {
                List<String> words = Words.split(value);
                value = words.isEmpty() ? "" : words.getFirst();
            }
            environment.put(content.substring(0, equals).strip(), value);
        }
    }

    private static void assign(Map<String, String> environment, String word) {
        int equals = word.indexOf('=');
        if (equals > 0) {
            environment.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    Path workingDirectory(LoadedUnit unit) {
        String given = unit.file().option("Service", "WorkingDirectory").orElse("/");
        boolean optional = given.startsWith("-");
        String expanded = unit.specifiers().expand(optional ? given.substring(1) : given);
        Path path =
                expanded.equals("~")
                        ? Path.of(System.getProperty("user.home", "/"))
                        : directories.onMachine(expanded);
        return optional && !Files.isDirectory(path) ? Path.of("/") : path;
    }

    /** Octal digits for umask(1); systemd's default is 0022. */
    @Nullable String umask(LoadedUnit unit) {
        return unit.file()
                .option("Service", "UMask")
                .filter(digits -> digits.matches("[0-7]{1,4}"))
                .orElse(null);
    }

    /**
     * The user to become, null when that is who we are.
     *
     * @throws IOException when we can't become that user
     */
    @Nullable String user(LoadedUnit unit, boolean privileged) throws IOException {
        Optional<String> user =
                unit.file().option("Service", "User").map(unit.specifiers()::expand);
        String us = System.getProperty("user.name", "");
        if (user.isEmpty() || privileged || user.get().equals(us)) {
            return null;
        }
        String uid = String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        if (user.get().equals(uid) || (uid.equals("0") && user.get().equals("root"))) {
            return null;
        }
        if (!uid.equals("0")) {
            throw new IOException(
                    "User="
                            + user.get()
                            + ": this machine runs as "
                            + us
                            + " and only root can"
                            + " become another user. Remove User= or run the machine as root");
        }
        return user.get();
    }

    Output output(LoadedUnit unit) {
        String word =
                unit.specifiers()
                        .expand(unit.file().option("Service", "StandardOutput").orElse("journal"));
        int colon = word.indexOf(':');
        String kind = colon < 0 ? word : word.substring(0, colon);
        return switch (kind) {
            case "null" -> new Output.ToFile(Path.of("/dev/null"), true);
            case "file", "truncate" ->
                    new Output.ToFile(
                            directories.onMachine(word.substring(colon + 1)), kind.equals("file"));
            case "append" ->
                    new Output.ToFile(directories.onMachine(word.substring(colon + 1)), true);
            default -> new Output.Pipe();
        };
    }

    /** The name that the journal shows for a line. */
    String identifier(LoadedUnit unit, String program) {
        return unit.file()
                .option("Service", "SyslogIdentifier")
                .map(unit.specifiers()::expand)
                .orElse(program.substring(program.lastIndexOf('/') + 1));
    }

    /** Where the PID file may be: the machine's own place first, then the host's. */
    Optional<List<Path>> pidFiles(LoadedUnit unit) {
        return unit.file()
                .option("Service", "PIDFile")
                .map(unit.specifiers()::expand)
                .map(name -> name.startsWith("/") ? name : "/run/" + name)
                .map(name -> List.of(config.root().resolve(name.substring(1)), Path.of(name)));
    }
}
