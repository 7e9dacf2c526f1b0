package flotilla.store.log;

import java.util.List;

/**
 * Counters of one member's log since it was opened, under the names etcd gives them.
 *
 * @param leaderChanges leader changes seen
 * @param proposalsCommitted index of the last committed entry
 * @param proposalsApplied index of the last entry applied here
 * @param proposalsPending commands proposed here and not yet answered
 * @param proposalsFailed commands proposed here that ended without an answer from the state machine
 * @param snapshots snapshots taken here
 * @param walFsync the log's fsyncs, since the process started
 */
public record RaftMetrics(
        long leaderChanges,
        long proposalsCommitted,
        long proposalsApplied,
        long proposalsPending,
        long proposalsFailed,
        long snapshots,
        Durations walFsync) {
    /** A histogram; the last bucket has no bound. */
    public record Durations(double sumSeconds, List<Bucket> buckets) {
        public Durations {
            buckets = List.copyOf(buckets);
        }
    }

    /** How many took no longer than the bound, and longer than that of the bucket before. */
    public record Bucket(double upToSeconds, long count) {}
}
