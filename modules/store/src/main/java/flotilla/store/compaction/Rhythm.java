package flotilla.store.compaction;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides at each beat whether to compact, and which revision, as etcd 3.4's compactors do. Every
 * member keeps the rhythm, so that whoever comes to lead can go on with it; the leader alone
 * compacts. For one thread.
 */
public sealed interface Rhythm permits RevisionRhythm, TimeRhythm {
    /**
     * @param nowNanos of a clock that never goes back
     * @param revision of the store now
     */
    static Rhythm of(Retention retention, long nowNanos, long revision) {
        return switch (retention) {
            case Retention.Time(Duration period) -> new TimeRhythm(period, nowNanos, revision);
            case Retention.Revisions(long count) -> new RevisionRhythm(count);
        };
    }

    /** Between two beats; the first comes after it, too. */
    Duration pause();

    /** The revision to compact now, if any. */
    OptionalLong beat(long nowNanos, long revision, boolean leads);

    /** What the last beat named is compacted, by this member or another. */
    void compacted(long nowNanos);
}
