package flotilla.cli.fleetctl;

import flotilla.cli.command.UsageFailure;
import flotilla.units.TimeSpan;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * When, as people type it: {@code 14:05} and {@code 14:05:30} (the last time that it was so),
 * {@code 2014-07-14} with or without a time, {@code 2014-07-14T14:05:00Z}, {@code 10min} ago.
 */
final class PointInTime {
    /** How a command says what it takes. */
    static final String FORMS = "14:05, 2014-07-14 14:05, 2014-07-14T14:05:00Z, or 10m ago as 10m";

    private PointInTime() {}

    /**
     * @param option that it was given to, for the message
     * @param now in the zone that it is meant in
     * @throws UsageFailure when it is none of these
     */
    static Instant parse(String option, String text, ZonedDateTime now) {
        List<Function<String, Instant>> forms =
                List.of(
                        Instant::parse,
                        typed -> last(LocalTime.parse(typed), now),
                        typed ->
                                LocalDateTime.parse(typed.replace(' ', 'T'))
                                        .atZone(now.getZone())
                                        .toInstant(),
                        typed -> LocalDate.parse(typed).atStartOfDay(now.getZone()).toInstant());
        return forms.stream()
                .flatMap(form -> read(form, text).stream())
                .findFirst()
                .or(() -> ago(text, now))
                .orElseThrow(
                        () -> new UsageFailure("%s %s: want %s".formatted(option, text, FORMS)));
    }

    private static Optional<Instant> read(Function<String, Instant> form, String text) {
        try {
            return Optional.of(form.apply(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A number alone would be seconds, which nobody means here. */
    private static Optional<Instant> ago(String text, ZonedDateTime now) {
        return Optional.of(text.replaceFirst(" ago$", ""))
                .filter(span -> span.matches(".*[a-z]"))
                .flatMap(TimeSpan::parse)
                .map(span -> now.toInstant().minus(span));
    }

    private static Instant last(LocalTime time, ZonedDateTime now) {
        ZonedDateTime today = now.with(time);
        return (today.isAfter(now) ? today.minusDays(1) : today).toInstant();
    }
}
