package flotilla.units;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text line by line, with systemd's idea of a line: CR and NUL end one as LF does, and a
 * byte order mark at the head is skipped. So nothing that systemd takes for a directive of its own
 * hides in a value. Where systemd and fleet's parser differ, options are kept in the raw form that
 * both can be derived from ({@link UnitOption#value} is systemd's reading).
 */
final class UnitFileParser {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** As systemd's read_line() has it: two different ones that touch end one line. */
    private static final Pattern LINE_END = Pattern.compile("\r\n|\n\r|[\n\r\\x00]");

    private final String text;
    private final String[] lines;
    private final List<UnitOption> options = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable String section;
    private int at;

    UnitFileParser(String text) {
        this.text = text;
        String body = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        this.lines = LINE_END.split(body, -1);
        int zero = body.indexOf('\0');
        if (zero >= 0) {
            int line = LINE_END.split(body.substring(0, zero), -1).length;
            problems.add(new Problem(line, 1, "NUL byte, which ends the line"));
        }
    }

    UnitFile parse() {
        while (at < lines.length) {
            String line = lines[at];
            String content = line.strip();
            if (content.isEmpty() || content.startsWith("#") || content.startsWith(";")) {
                at++;
            } else if (content.startsWith("[")) {
                header(line, content);
            } else {
                assignment(line);
            }
        }
        return new UnitFile(text, options, problems);
    }

    private void header(String line, String content) {
        int end = content.indexOf(']');
        if (end < 0) {
            problem(line.indexOf('[') + 1, "section header without ']'");
            section = null;
        } else {
            if (end != content.length() - 1) {
                problem(line.indexOf(']') + 2, "text after the section header");
            }
            section = content.substring(1, end);
            if (section.isEmpty()) {
                problem(line.indexOf('[') + 1, "section header without a name");
            }
        }
        at++;
    }

    private void assignment(String line) {
        int started = at;
        int equals = line.indexOf('=');
        String raw = continued(equals < 0 ? line : line.substring(equals + 1));
        int column = line.length() - line.stripLeading().length() + 1;
        String name = equals < 0 ? "" : line.substring(0, equals).strip();
        if (equals < 0) {
            problems.add(new Problem(started + 1, column, "expected NAME=VALUE"));
        } else if (name.isEmpty()) {
            problems.add(new Problem(started + 1, column, "assignment without a name"));
        } else if (section == null) {
            problems.add(new Problem(started + 1, column, "assignment outside of a section"));
        } else {
            options.add(new UnitOption(section, name, raw, started + 1));
        }
    }

    /**
     * The value from here on, through lines that end with a backslash and comments between them;
     * moves past them. A backslash before a blank line leaves its newline, as fleet's parser does.
     */
    private String continued(String first) {
        StringBuilder raw = new StringBuilder(first);
        boolean more = first.endsWith("\\");
        at++;
        while (more && at < lines.length) {
            String line = lines[at++];
            if (line.isBlank()) {
                return raw.toString().strip() + "\n";
            }
            String start = line.stripLeading();
            more = line.endsWith("\\") || start.startsWith("#") || start.startsWith(";");
            raw.append('\n').append(line);
        }
        return raw.toString().strip();
    }

    private void problem(int column, String message) {
        problems.add(new Problem(at + 1, column, message));
    }
}
