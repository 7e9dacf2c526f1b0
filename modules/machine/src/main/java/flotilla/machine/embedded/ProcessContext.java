package flotilla.machine.embedded;

import flotilla.machine.process.ProcessTable;
import flotilla.machine.process.Reaper;
import flotilla.machine.process.Spawner;
import flotilla.machine.process.Spawner.Identity;
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
    /** Of all environment files: Linux takes 2 MiB with the arguments (execve(2)). */
    private static final int ENVIRONMENT_CHARS_MAX = 2 << 20;

    private final InitConfig config;
    private final UnitDirectories directories;
    private final String run;

    ProcessContext(Site site) {
        this.config = site.config();
        this.directories = site.directories();
        this.run = site.reaper().run();
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
        become(environment, unit);
        environment.putAll(config.defaultEnvironment());
        UnitFile file = unit.file();
        for (String line : file.values("Service", "Environment")) {
            for (String word : Words.split(line)) {
                assign(environment, unit.specifiers().expand(word));
            }
        }
        long length = 0;
        for (String name : file.values("Service", "EnvironmentFile")) {
            boolean optional = name.startsWith("-");
            String expanded = unit.specifiers().expand(optional ? name.substring(1) : name);
            List<Path> paths = directories.glob(expanded);
            if (paths.isEmpty() && !optional) {
                throw new IOException("Failed to load environment file " + expanded);
            }
            for (Path path : paths) {
                String text = SmallFile.read(path);
                length += text.length();
                if (length > ENVIRONMENT_CHARS_MAX) {
                    throw new IOException(
                            "The environment files up to %s are longer than %,d characters"
                                    .formatted(path, ENVIRONMENT_CHARS_MAX));
                }
                if (text.indexOf('\0') >= 0) {
                    throw new IOException(path + " holds a NUL byte: write it anew");
                }
                environment.putAll(EnvironmentFile.parse(text));
            }
        }
        for (String line : file.values("Service", "UnsetEnvironment")) {
            for (String word : Words.split(line)) {
                int equals = word.indexOf('=');
                if (equals < 0) {
                    environment.remove(word);
                } else {
                    environment.remove(word.substring(0, equals), word.substring(equals + 1));
                }
            }
        }
        environment.putAll(told);
        environment.put(ProcessTable.MACHINE_MARK, config.machineId());
        environment.put(Reaper.RUN_MARK, run);
        environment.put(ProcessTable.UNIT_MARK, unit.name());
        return environment;
    }

    /** Another user's processes get that user's home and names. */
    private void become(Map<String, String> environment, LoadedUnit unit) throws IOException {
        Optional<Account> account = account(unit);
        if (account.isPresent()) {
            Account its = account.get();
            environment.put("USER", its.name());
            environment.put("LOGNAME", its.name());
            environment.remove("HOME");
            if (its.hasHome()) {
                environment.put("HOME", its.home());
            }
            if (its.hasShell()) {
                environment.put("SHELL", its.shell());
            }
        }
    }

    private static Optional<Account> account(LoadedUnit unit) throws IOException {
        Optional<String> user =
                unit.file().option("Service", "User").map(unit.specifiers()::expand);
        return user.isPresent() ? Account.of(user.get()) : Optional.empty();
    }

    private static void assign(Map<String, String> environment, String word) {
        int equals = word.indexOf('=');
        if (equals > 0 && EnvironmentFile.isName(word.substring(0, equals))) {
            environment.put(word.substring(0, equals), word.substring(equals + 1));
        }
    }

    private static Path home(LoadedUnit unit) throws IOException {
        return Path.of(
                account(unit).map(Account::home).orElse(System.getProperty("user.home", "/")));
    }

    Path workingDirectory(LoadedUnit unit) throws IOException {
        String given = unit.file().option("Service", "WorkingDirectory").orElse("/");
        boolean optional = given.startsWith("-");
        String expanded = unit.specifiers().expand(optional ? given.substring(1) : given);
        Path path = expanded.equals("~") ? home(unit) : directories.onMachine(expanded);
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
     * The user and group to become, null when that is who we are.
     *
     * @throws IOException when we can't become them
     */
    @Nullable Identity identity(LoadedUnit unit, boolean privileged) throws IOException {
        Optional<String> user =
                unit.file().option("Service", "User").map(unit.specifiers()::expand);
        Optional<String> group =
                unit.file().option("Service", "Group").map(unit.specifiers()::expand);
        if (privileged || (user.isEmpty() && group.isEmpty())) {
            return null;
        }
        String us = System.getProperty("user.name", "");
        String uid = String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        String wanted = user.orElse(uid);
        boolean root = uid.equals("0");
        boolean same = wanted.equals(us) || wanted.equals(uid) || (root && wanted.equals("root"));
        if (same && (group.isEmpty() || !root)) {
            return null;
        }
        if (!root) {
            throw new IOException(
                    "User="
                            + wanted
                            + ": this machine runs as "
                            + us
                            + " and only root can"
                            + " become another user. Remove User= or run the machine as root");
        }
        Account account =
                Account.of(wanted)
                        .orElseThrow(() ->
                                new IOException(
                                        "User=" + wanted + ": no such user in /etc/passwd"));
        return new Identity(account.uid(), group.orElse(account.gid()));
    }

    Output output(LoadedUnit unit) {
        return StandardOutput.of(unit.file(), unit.specifiers()).output(directories::onMachine);
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
