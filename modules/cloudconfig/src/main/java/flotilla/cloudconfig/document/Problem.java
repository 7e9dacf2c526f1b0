package flotilla.cloudconfig.document;

import java.util.Comparator;
import java.util.Locale;

/**
 * Something to say about a document, with its place.
 *
 * @param line from 1; 0 where the original could not find it
 * @param column from 1, in characters; {@link #NO_COLUMN} in the original's answers
 */
public record Problem(Severity severity, int line, int column, String message) {
    /** The original knew lines only. */
    public static final int NO_COLUMN = 0;

    /** By place. */
    static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt(Problem::line)
                    .thenComparingInt(Problem::column)
                    .thenComparing(Problem::message);

    /** How bad it is. */
    public enum Severity {
        /** The document, or a part of it, can't be used. */
        ERROR,
        /** Used, but perhaps not as was meant. */
        WARNING,
        INFO;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code 11:1: warning: ...}, to be put behind a file's name. */
    @Override
    public String toString() {
        String place = column == NO_COLUMN ? line + ":" : line + ":" + column + ":";
        return place + " " + severity.text() + ": " + message;
    }

    /** coreos-cloudinit's own form: {@code line 11: warning: ...}. */
    public String original() {
        return "line " + line + ": " + severity.text() + ": " + message;
    }
}
