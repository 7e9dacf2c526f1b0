package flotilla.store.compaction;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * etcd's mode {@code revision}: every five minutes all but the last so many revisions are
 * compacted, unless there is nothing more to compact than the last time.
 */
final class RevisionRhythm implements Rhythm {
    /** etcd's {@code revInterval}. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private final long kept;
    private long named;
    private long done;

    RevisionRhythm(long kept) {
        this.kept = kept;
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public OptionalLong beat(long nowNanos, long revision, boolean leads) {
        long due = revision - kept;
        if (!leads || due <= 0 || due == done) {
            return OptionalLong.empty();
        }
        named = due;
        return OptionalLong.of(due);
    }

    @Override
    public void compacted(long nowNanos) {
        done = named;
    }
}
