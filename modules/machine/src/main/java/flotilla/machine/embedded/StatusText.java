package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import flotilla.machine.UnitState;
import flotilla.machine.process.ProcessTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A unit's state in the form of {@code systemctl status}. */
final class StatusText {
    private static final DateTimeFormatter SINCE =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);
    private static final DateTimeFormatter LOGGED =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT);

    /** So many processes of a unit are named. */
    private static final int PROCESSES_MAX = 50;

    /** What units say is shown on terminals, which must not take it for orders. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x7f-\\x9f&&[^\n\t]]");

    private StatusText() {}

    /** What is shown beside the unit itself. */
    record Around(
            String hostname,
            Path root,
            boolean enabled,
            Instant now,
            List<ProcessTable.Entry> processes,
            List<JournalLine> lines) {
        /** A path as it is called on the machine. */
        Path onMachine(Path path) {
            return path.startsWith(root) ? Path.of("/").resolve(root.relativize(path)) : path;
        }
    }

    static String of(UnitRuntime unit, Around around) {
        UnitState state = unit.state();
        LoadedUnit loaded = unit.loaded;
        StringBuilder out = new StringBuilder();
        String mark = state.isFailed() ? "×" : state.isActive() ? "●" : "○";
        String description = loaded.description();
        out.append(mark).append(' ').append(unit.name());
        out.append(description.equals(unit.name()) ? "" : " - " + description).append('\n');
        String where =
                loaded.path()
                        .map(path -> " (" + around.onMachine(path) + enablement(around) + ")")
                        .orElse("");
        line(out, "Loaded", state.load() + where);
        line(out, "Active", active(unit, state, around.now()));
        if (state.mainPid() != 0) {
            String command =
                    around.processes().stream()
                            .filter(process -> process.pid() == state.mainPid())
                            .map(ProcessTable.Entry::command)
                            .findFirst()
                            .orElse("builtin");
            line(out, "Main PID", state.mainPid() + " (" + command + ")");
        }
        if (!unit.statusText.isEmpty()) {
            line(out, "Status", "\"" + unit.statusText + "\"");
        }
        if (!around.processes().isEmpty()) {
            line(out, "Tasks", around.processes().size() + " processes");
            around.processes().stream()
                    .limit(PROCESSES_MAX)
                    .forEach(process -> line(out, "", process.pid() + " " + process.command()));
            if (around.processes().size() > PROCESSES_MAX) {
                line(out, "", "and " + (around.processes().size() - PROCESSES_MAX) + " more");
            }
        }
        loaded.remarks().forEach(remark -> line(out, "Note", remark));
        if (!around.lines().isEmpty()) {
            out.append('\n');
        }
        for (JournalLine line : around.lines()) {
            out.append(format(line, around.hostname())).append('\n');
        }
        return CONTROL.matcher(out).replaceAll("?");
    }

    static String format(JournalLine line, String hostname) {
        return "%s %s %s[%d]: %s"
                .formatted(
                        LOGGED.format(line.time().atZone(ZoneId.systemDefault())),
                        hostname,
                        line.identifier(),
                        line.pid(),
                        line.message());
    }

    private static String enablement(Around around) {
        return around.enabled() ? "; enabled" : "; disabled";
    }

    private static String active(UnitRuntime unit, UnitState state, Instant now) {
        String result = state.result().equals("success") ? "" : "Result: " + state.result();
        String detail = state.isFailed() ? result : state.sub();
        String since = SINCE.format(unit.since.atZone(ZoneId.systemDefault()));
        long seconds = Math.max(0, Duration.between(unit.since, now).toSeconds());
        return "%s (%s) since %s; %s ago".formatted(state.active(), detail, since, span(seconds));
    }

    private static String span(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "min " + seconds % 60 + "s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "h " + seconds % 3600 / 60 + "min"
                : seconds / 86_400 + " days";
    }

    private static void line(StringBuilder out, String label, String value) {
        out.append("%11s%s %s\n".formatted(label, label.isEmpty() ? " " : ":", value));
    }
}
