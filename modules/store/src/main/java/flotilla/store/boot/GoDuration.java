package flotilla.store.boot;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time as Go's programs take it on their command lines: {@code 10m}, {@code 1h0.5s}. */
final class GoDuration {
    private static final Map<String, Long> UNIT_NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);

    private static final Pattern PART =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");

    private GoDuration() {}

    /**
     * @throws IllegalArgumentException naming the flag, for what is no time or one below 0
     */
    static Duration parse(String flag, String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher part = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            BigDecimal unit =
                    BigDecimal.valueOf(Objects.requireNonNull(UNIT_NANOS.get(part.group(2))));
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
            end = part.end();
        }
        if (end != text.length() || text.isEmpty()) {
            throw new IllegalArgumentException(
                    "--" + flag + "=" + text + ": want a time such as 10s, 5m or 2h");
        }
        BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
        return Duration.ofNanos(nanos.min(most).longValue());
    }
}
