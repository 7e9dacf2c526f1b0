package flotilla.machine.embedded;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the assignments of an EnvironmentFile= (systemd.exec(5)): {@code #} and {@code ;} begin
 * comment lines, quotes may span lines, single ones keep all as it is, in double ones a backslash
 * escapes {@code " \ ` $}, outside it escapes anything. Nothing else is a shell's: no {@code
 * export}, no variables. A name that is none is passed over.
 */
final class EnvironmentFile {
    private final Map<String, String> assignments = new LinkedHashMap<>();
    private final StringBuilder key = new StringBuilder();
    private final StringBuilder value = new StringBuilder();
    private State state = State.BEFORE_KEY;

    /** Blanks at the end of a bare value are no part of it: its length without them. */
    private int valueEnd;

    private enum State {
        BEFORE_KEY,
        KEY,
        BEFORE_VALUE,
        VALUE,
        VALUE_ESCAPE,
        SINGLE,
        DOUBLE,
        DOUBLE_ESCAPE,
        COMMENT,
        COMMENT_ESCAPE
    }

    private EnvironmentFile() {}

    static Map<String, String> parse(String text) {
        EnvironmentFile file = new EnvironmentFile();
        text.chars().forEach(c -> file.next((char) c));
        file.next('\n');
        if (file.state != State.BEFORE_KEY && file.state != State.KEY) {
            file.assign(); // A quote was left open.
        }
        return Map.copyOf(file.assignments);
    }

    /** Whether it can be a variable's name. */
    static boolean isName(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*");
    }

    private void next(char c) {
        switch (state) {
            case BEFORE_KEY -> beforeKey(c);
            case KEY -> key(c);
            case BEFORE_VALUE -> beforeValue(c);
            case VALUE -> value(c);
            case VALUE_ESCAPE -> {
                state = State.VALUE;
                if (c != '\n') {
                    keep(c);
                }
            }
            case SINGLE -> quoted(c, '\'');
            case DOUBLE -> {
                if (c == '\\') {
                    state = State.DOUBLE_ESCAPE;
                } else {
                    quoted(c, '"');
                }
            }
            case DOUBLE_ESCAPE -> {
                state = State.DOUBLE;
                if ("\"\\`$".indexOf(c) >= 0) {
                    keep(c);
                } else if (c != '\n') {
                    keep('\\');
                    keep(c);
                }
            }
            case COMMENT -> {
                if (c == '\\') {
                    state = State.COMMENT_ESCAPE;
                } else if (c == '\n') {
                    state = State.BEFORE_KEY;
                }
            }
            case COMMENT_ESCAPE -> state = State.COMMENT;
        }
    }

    private void beforeKey(char c) {
        if (c == '#' || c == ';') {
            state = State.COMMENT;
        } else if (!Character.isWhitespace(c)) {
            key.setLength(0);
            key.append(c);
            value.setLength(0);
            valueEnd = 0;
            state = State.KEY;
        }
    }

    private void key(char c) {
        if (c == '\n') {
            state = State.BEFORE_KEY;
        } else if (c == '=') {
            state = State.BEFORE_VALUE;
        } else {
            key.append(c);
        }
    }

    private void beforeValue(char c) {
        if (c == '\n') {
            assign();
        } else if (c == '\'') {
            state = State.SINGLE;
        } else if (c == '"') {
            state = State.DOUBLE;
        } else if (c == '\\') {
            state = State.VALUE_ESCAPE;
        } else if (!Character.isWhitespace(c)) {
            state = State.VALUE;
            keep(c);
        }
    }

    private void value(char c) {
        if (c == '\n') {
            assign();
        } else if (c == '\\') {
            state = State.VALUE_ESCAPE;
        } else if (Character.isWhitespace(c)) {
            value.append(c);
        } else {
            keep(c);
        }
    }

    private void quoted(char c, char quote) {
        if (c == quote) {
            state = State.BEFORE_VALUE;
        } else {
            keep(c);
        }
    }

    private void keep(char c) {
        value.append(c);
        valueEnd = value.length();
    }

    private void assign() {
        String name = key.toString().strip();
        if (isName(name)) {
            assignments.put(name, value.substring(0, valueEnd));
        }
        state = State.BEFORE_KEY;
    }
}
