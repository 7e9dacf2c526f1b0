package flotilla.units;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Time spans of systemd.time(7): {@code 5min 20s}, {@code 1.5h}, {@code 500ms}, bare seconds. */
public final class TimeSpan {
    /** What {@code infinity} means here: longer than any machine runs. */
    public static final Duration INFINITE = Duration.ofDays(365L * 100);

    private static final Pattern PART =
            Pattern.compile("\\s*([0-9]{1,12}(?:\\.[0-9]{1,9})?)\\s*([a-zA-Zµ]*)");
    private static final Map<String, Duration> UNITS =
            Map.ofEntries(
                    Map.entry("us", Duration.ofNanos(1_000)),
                    Map.entry("usec", Duration.ofNanos(1_000)),
                    Map.entry("µs", Duration.ofNanos(1_000)),
                    Map.entry("ms", Duration.ofMillis(1)),
                    Map.entry("msec", Duration.ofMillis(1)),
                    Map.entry("", Duration.ofSeconds(1)),
                    Map.entry("s", Duration.ofSeconds(1)),
                    Map.entry("sec", Duration.ofSeconds(1)),
                    Map.entry("second", Duration.ofSeconds(1)),
                    Map.entry("seconds", Duration.ofSeconds(1)),
                    Map.entry("m", Duration.ofMinutes(1)),
                    Map.entry("min", Duration.ofMinutes(1)),
                    Map.entry("minute", Duration.ofMinutes(1)),
                    Map.entry("minutes", Duration.ofMinutes(1)),
                    Map.entry("h", Duration.ofHours(1)),
                    Map.entry("hr", Duration.ofHours(1)),
                    Map.entry("hour", Duration.ofHours(1)),
                    Map.entry("hours", Duration.ofHours(1)),
                    Map.entry("d", Duration.ofDays(1)),
                    Map.entry("day", Duration.ofDays(1)),
                    Map.entry("days", Duration.ofDays(1)),
                    Map.entry("w", Duration.ofDays(7)),
                    Map.entry("week", Duration.ofDays(7)),
                    Map.entry("weeks", Duration.ofDays(7)));

    private TimeSpan() {}

    /** Empty when it is no time span; longer ones than {@link #INFINITE} are cut to it. */
    public static Optional<Duration> parse(String text) {
        String rest = text.strip();
        if (rest.equals("infinity")) {
            return Optional.of(INFINITE);
        }
        Matcher part = PART.matcher(rest);
        double seconds = 0;
        int at = 0;
        while (at < rest.length()) {
            Duration unit =
                    part.region(at, rest.length()).lookingAt() ? UNITS.get(part.group(2)) : null;
            if (unit == null) {
                return Optional.empty();
            }
            seconds += Double.parseDouble(part.group(1)) * (unit.toNanos() / 1e9);
            at = part.end();
        }
        if (rest.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                seconds >= INFINITE.toSeconds()
                        ? INFINITE
                        : Duration.ofNanos(Math.round(seconds * 1e9)));
    }
}
