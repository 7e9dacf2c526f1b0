package flotilla.machine.systemd;

import flotilla.machine.service.ExecCommand;
import flotilla.platform.process.Program.Ended;
import flotilla.units.Specifiers;
import flotilla.units.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a command beside a service, as a transient unit of its own that is bound to it: with its
 * user, groups, directories and environment, which systemd says. Its namespaces ({@code
 * PrivateTmp=} and their like) it does not share.
 */
final class Beside {
    /** Beyond the command's own limit, for systemd to say so. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Properties that are words, and that a transient unit takes as they are. */
    private static final List<String> TAKEN =
            List.of("User", "Group", "WorkingDirectory", "RootDirectory", "UMask", "Slice");

    private final Reach reach;
    private final String unit;

    Beside(Reach reach, String unit) {
        this.reach = reach;
        this.unit = unit;
    }

    /**
     * Blocks until it has ended.
     *
     * @param line as of an Exec line
     * @param service the unit's own properties
     * @return why it did not succeed; empty when it did
     */
    String run(String line, Map<String, Object> service, Duration limit) throws IOException {
        List<ExecCommand> commands = ExecCommand.parse(line, Specifiers.fleet(new UnitName(unit)));
        if (commands.isEmpty()) {
            return "no command: " + line;
        }
        List<String> command = new ArrayList<>();
        command.addAll(List.of("systemd-run", "--quiet", "--collect", "--wait", "--pipe"));
        command.add("--property=BindsTo=" + unit);
        command.add("--property=After=" + unit);
        command.add("--property=RuntimeMaxSec=" + limit.toMillis() + "ms");
        command.add("--property=KillSignal=SIGKILL");
        for (String name : TAKEN) {
            if (service.get(name) instanceof String value && !value.isEmpty()) {
                command.add("--property=" + name + "=" + value);
            }
        }
        files(service, command);
        if (service.get("Environment") instanceof List<?> variables) {
            variables.forEach(variable -> command.add("--setenv=" + variable));
        }
        ExecCommand first = commands.getFirst();
        command.add("--");
        first.words()
                .forEach(word -> command.add(first.substitute() ? word : word.replace("$", "$$")));
        long begun = System.nanoTime();
        Ended output = reach.run(command, limit.plus(GRACE));
        boolean late = System.nanoTime() - begun >= limit.toNanos();
        if (output.code() == 0 || (first.ignoreFailure() && !late)) {
            return "";
        }
        String why =
                late
                        ? "has not ended within " + limit.toMillis() + " ms"
                        : "exited with " + output.code();
        return output.lastLine().isEmpty() ? why : why + ": " + output.lastLine();
    }

    /** Pairs of a path and whether it may be missing. */
    private static void files(Map<String, Object> service, List<String> command) {
        if (service.get("EnvironmentFiles") instanceof List<?> files) {
            for (Object file : files) {
                if (file instanceof Object[] pair && pair.length == 2) {
                    String may = Boolean.TRUE.equals(pair[1]) ? "-" : "";
                    command.add("--property=EnvironmentFile=" + may + pair[0]);
                }
            }
        }
    }
}
