package flotilla.fleet.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a unit fares on one machine, by the check that its text names, or else by the init alone.
 *
 * @param words why, where it is not healthy; empty else
 * @param count how often the verdict has changed since the unit was started: it tells of a break
 *     that is over before anybody heard of it
 */
public record Health(Verdict verdict, String words, long count) {
    /** Of words: enough for a line of a log, in characters. */
    public static final int WORDS_MAX = 200;

    /** Nothing is known yet. */
    public static final Health UNKNOWN = new Health(Verdict.UNKNOWN, "", 0);

    /** What is said of it, and what follows. */
    public enum Verdict {
        /** Not launched, on its way up or down, or its check has not answered yet. */
        UNKNOWN,
        HEALTHY,
        /** It may still become healthy. */
        UNHEALTHY,
        /** The init has given it up: it stays so until something is asked of it. */
        FAILED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Verdict> of(String text) {
            return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
        }
    }

    public Health {
        words = words.length() > WORDS_MAX ? words.substring(0, WORDS_MAX) : words;
    }

    /** The same as long as the verdict is: words that change alone are no news. */
    public Health turned(Verdict next, String why) {
        return next == verdict ? this : new Health(next, why, count + 1);
    }

    public boolean isHealthy() {
        return verdict == Verdict.HEALTHY;
    }

    /** For people, such as {@code unhealthy: connection refused}. */
    public String text() {
        return words.isEmpty() ? verdict.text() : verdict.text() + ": " + words;
    }
}
