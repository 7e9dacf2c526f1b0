package flotilla.store.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * etcd's mode {@code periodic}. The revision is noted ten times a period, or ten times an hour if
 * the period is longer. When the first period is over, and then after every further one (every
 * hour, if it is longer), the oldest noted revision of a period's is compacted; when that fails, at
 * the next beat again.
 */
final class TimeRhythm implements Rhythm {
    /** Longest time between two compactions, and what a longer period is divided by (etcd's). */
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);

    /** Beats in an interval (etcd's {@code retryDivisor}). */
    private static final int BEATS = 10;

    private final Duration interval;
    private final int notesMax;
    private final Deque<Long> notes = new ArrayDeque<>();
    private Duration wait;
    private long compactedNanos;

    TimeRhythm(Duration period, long nowNanos, long revision) {
        this.interval = period.compareTo(INTERVAL_MAX) < 0 ? period : INTERVAL_MAX;
        this.notesMax = Math.toIntExact(period.dividedBy(pause()) + 1);
        this.wait = period;
        this.compactedNanos = nowNanos;
        notes.add(revision);
    }

    @Override
    public Duration pause() {
        Duration pause = interval.dividedBy(BEATS);
        return pause.isZero() ? Duration.ofNanos(1) : pause;
    }

    @Override
    public OptionalLong beat(long nowNanos, long revision, boolean leads) {
        OptionalLong due = OptionalLong.empty();
        if (leads && nowNanos - compactedNanos >= wait.toNanos()) {
            wait = interval;
            due = OptionalLong.of(notes.getFirst());
        }
        notes.add(revision);
        if (notes.size() > notesMax) {
            notes.removeFirst();
        }
        return due;
    }

    @Override
    public void compacted(long nowNanos) {
        compactedNanos = nowNanos;
    }
}
