package flotilla.trust.token;

import java.time.Duration;
import java.util.Optional;

/**
 * When a certificate is to be followed by the next one.
 *
 * @param endMillis when it ends, in milliseconds since 1970
 * @param jitter 0 to 1, another one for each machine: they don't all ask at once
 */
public record Renewal(long endMillis, double jitter) {
    private static final long LIFE_MILLIS = Admission.CERTIFICATE_LIFE.toMillis();

    /** What is left of its life when it is renewed: half, and up to a tenth of it less. */
    private static final double SPREAD = 0.1;

    private static final Duration PAUSE_FIRST = Duration.ofMinutes(1);
    private static final Duration PAUSE_MAX = Duration.ofHours(1);

    /** With less than this left it is time that somebody looks. */
    public static final Duration ALARM = Duration.ofDays(1);

    public boolean isDue(long nowMillis) {
        return nowMillis >= dueMillis();
    }

    /** In milliseconds since 1970. */
    public long dueMillis() {
        return endMillis - Math.round(LIFE_MILLIS * (0.5 - SPREAD * jitter));
    }

    public boolean hasEnded(long nowMillis) {
        return nowMillis >= endMillis;
    }

    /** How long to wait after so many attempts that failed, 1 or more. */
    public Duration pause(int failures) {
        Duration doubled = PAUSE_FIRST.multipliedBy(1L << Math.min(failures - 1, 6));
        Duration limited = doubled.compareTo(PAUSE_MAX) < 0 ? doubled : PAUSE_MAX;
        return limited.plusMillis(Math.round(limited.toMillis() * SPREAD * jitter));
    }

    /** What is to be said to people; empty while there is time. */
    public Optional<String> alarm(long nowMillis) {
        long leftMillis = endMillis - nowMillis;
        if (leftMillis >= ALARM.toMillis()) {
            return Optional.empty();
        }
        return Optional.of(
                leftMillis > 0
                        ? "this machine's certificate ends in %d min, and could not be renewed: is the machine that signs up, and reached from here?"
                                .formatted(leftMillis / 60_000)
                        : "this machine's certificate has ended, and nobody speaks to it: it can be renewed for %d days from its end, by a machine that signs"
                                .formatted(Admission.GRACE.toDays()));
    }
}
