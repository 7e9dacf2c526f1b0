package flotilla.units;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a value into words as systemd does (systemd.syntax(7), "Quoting"): double and single
 * quotes, C escapes. An unclosed quote ends with the line; a bad escape stays as it is written.
 */
public final class Words {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private int at;
    private boolean open;

    private Words(String line) {
        this.line = line;
    }

    public static List<String> split(String line) {
        Words words = new Words(line);
        words.run();
        return List.copyOf(words.words);
    }

    /** Whether every quote that is opened is closed again. */
    public static boolean isClosed(String line) {
        Words words = new Words(line);
        words.run();
        return !words.open;
    }

    private void run() {
        while (true) {
            while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
                at++;
            }
            if (at >= line.length()) {
                return;
            }
            words.add(word());
        }
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        char quote = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == '\\' && at + 1 < line.length()) {
                escape(word);
                continue;
            }
            if (quote == 0 && Character.isWhitespace(c)) {
                break;
            }
            at++;
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(c);
            }
        }
        open = quote != 0;
        return word.toString();
    }

    private void escape(StringBuilder word) {
        char c = line.charAt(at + 1);
        int plain = "abfnrtvs\\\"'".indexOf(c);
        if (plain >= 0) {
            word.append("\u0007\b\f\n\r\t\u000b \\\"'".charAt(plain));
            at += 2;
        } else if (c == 'x' && !number(word, at + 2, 2, 16)) {
            literal(word);
        } else if (c == 'u' && !number(word, at + 2, 4, 16)) {
            literal(word);
        } else if (c == 'U' && !number(word, at + 2, 8, 16)) {
            literal(word);
        } else if (c >= '0' && c <= '7' && !number(word, at + 1, 3, 8)) {
            literal(word);
        } else if (c != 'x' && c != 'u' && c != 'U' && (c < '0' || c > '7')) {
            literal(word);
        }
    }

    private void literal(StringBuilder word) {
        word.append('\\');
        at++;
    }

    private boolean number(StringBuilder word, int from, int digits, int radix) {
        if (from + digits > line.length()) {
            return false;
        }
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = Character.digit(line.charAt(i), radix);
            if (digit < 0) {
                return false;
            }
            value = value * radix + digit;
        }
        // As systemd: no argument can hold a NUL, and no byte is larger than 255.
        boolean none = value == 0 || (radix == 8 && value > 0xFF);
        if (none || !Character.isValidCodePoint(value)) {
            return false;
        }
        word.appendCodePoint(value);
        at = from + digits;
        return true;
    }
}
