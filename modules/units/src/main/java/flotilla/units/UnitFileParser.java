package flotilla.units;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one text line by line. Where systemd and fleet's parser differ, options are kept in the raw
 * form that both can be derived from ({@link UnitOption#value} is systemd's reading).
 */
final class UnitFileParser {
    private final String text;
    private final String[] lines;
    private final List<UnitOption> options = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private @Nullable String section;
    private int at;

    UnitFileParser(String text) {
        this.text = text;
        this.lines = text.split("\n", -1);
    }

    UnitFile parse() {
        while (at < lines.length) {
            String line = line(at);
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
            String line = line(at++);
            if (line.isBlank()) {
                return raw.toString().strip() + "\n";
            }
            String start = line.stripLeading();
            more = line.endsWith("\\") || start.startsWith("#") || start.startsWith(";");
            raw.append('\n').append(line);
        }
        return raw.toString().strip();
    }

    private String line(int index) {
        String line = lines[index];
        // A UTF-16 unit is at most 3 bytes of UTF-8, so most lines need no encoding to be measured.
        if (line.length() * 3 > UnitFile.LINE_BYTES_MAX
                && line.getBytes(StandardCharsets.UTF_8).length > UnitFile.LINE_BYTES_MAX) {
            problems.add(
                    new Problem(
                            index + 1,
                            1,
                            "line too long (limit " + UnitFile.LINE_BYTES_MAX + " bytes)"));
        }
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    private void problem(int column, String message) {
        problems.add(new Problem(at + 1, column, message));
    }
}
