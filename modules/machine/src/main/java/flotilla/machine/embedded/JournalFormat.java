package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A line of a journal's file: {@code MICROSECONDS PID IDENTIFIER MESSAGE}, backslash and line ends
 * escaped.
 */
final class JournalFormat {
    private JournalFormat() {}

    /** Ends with a line feed. */
    static String format(JournalLine line) {
        String message =
                line.message().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        String identifier = line.identifier().replaceAll("\\s", "_");
        return micros(line) + " " + line.pid() + " " + identifier + " " + message + "\n";
    }

    /** Empty for what is no such line: one that was torn by a crash, or damaged. */
    static Optional<JournalLine> parse(String unit, String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length < 4
                || !parts[0].matches("[0-9]{1,18}")
                || !parts[1].matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        long micros = Long.parseLong(parts[0]);
        Instant time = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
        StringBuilder message = new StringBuilder();
        String escaped = parts[3];
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                char next = escaped.charAt(++i);
                message.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
            } else {
                message.append(c);
            }
        }
        return Optional.of(
                marked(
                        new JournalLine(
                                time,
                                unit,
                                parts[2],
                                Long.parseLong(parts[1]),
                                message.toString())));
    }

    /**
     * The line with its cursor: when it was logged, and a hash of what it says. Of two that are
     * alike and of the same microsecond it means the later one.
     */
    static JournalLine marked(JournalLine line) {
        String hash = Integer.toHexString(line.message().hashCode());
        String cursor = Long.toHexString(micros(line)) + "-" + hash;
        return new JournalLine(
                line.time(), line.unit(), line.identifier(), line.pid(), line.message(), cursor);
    }

    private static long micros(JournalLine line) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, line.time());
    }
}
