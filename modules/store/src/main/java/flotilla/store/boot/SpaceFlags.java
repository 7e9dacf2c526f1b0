package flotilla.store.boot;

import flotilla.store.compaction.Retention;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The flags that say how much is kept, as etcd 3.4 reads them. */
final class SpaceFlags {
    /** etcd's {@code DefaultQuotaBytes}. */
    private static final long QUOTA_BYTES = 2L << 30;

    /** A longer time than anybody keeps a member: a hundred years. */
    private static final Duration PERIOD_MAX = Duration.ofDays(36_500);

    private static final String MODE = "auto-compaction-mode";
    private static final String RETENTION = "auto-compaction-retention";

    private final Function<String, Optional<String>> value;

    SpaceFlags(Function<String, Optional<String>> value) {
        this.value = value;
    }

    EtcdConfig.Space settle() {
        return new EtcdConfig.Space(quota(), retention());
    }

    /** 0 is the default, and less is none. */
    private long quota() {
        String text = value.apply("quota-backend-bytes").orElse("0");
        try {
            long bytes = Long.parseLong(text);
            return bytes == 0 ? QUOTA_BYTES : bytes;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--quota-backend-bytes=" + text + " is not a whole number", e);
        }
    }

    /** Without a unit a number is hours, or revisions; 0 keeps all. */
    private Optional<Retention> retention() {
        String text = value.apply(RETENTION).orElse("0");
        return switch (value.apply(MODE).orElse("periodic")) {
            case "periodic" -> time(text).filter(time -> !time.isZero()).map(Retention.Time::new);
            case "revision" ->
                    Optional.of(revisions(text))
                            .filter(count -> count > 0)
                            .map(Retention.Revisions::new);
            default ->
                    throw new IllegalArgumentException(
                            "unknown %s \"%s\": want 'periodic' or 'revision'"
                                    .formatted(MODE, value.apply(MODE).orElse("")));
        };
    }

    private static Optional<Duration> time(String text) {
        Duration time =
                text.matches("\\d{1,9}")
                        ? Duration.ofHours(Long.parseLong(text))
                        : GoDuration.parse(RETENTION, text);
        if (time.compareTo(PERIOD_MAX) > 0) {
            throw new IllegalArgumentException(
                    "--%s=%s: at most a hundred years".formatted(RETENTION, text));
        }
        return Optional.of(time);
    }

    /** etcd takes a time here too, and keeps as many revisions as it has nanoseconds. */
    private static long revisions(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "--%s=%s: with --%s=revision want a number of revisions"
                            .formatted(RETENTION, text, MODE));
        }
        return Long.parseLong(text);
    }
}
