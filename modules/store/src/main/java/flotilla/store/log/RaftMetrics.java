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
 * @param peers what went between this member and each other that there is
 */
public record RaftMetrics(
        long leaderChanges,
        long proposalsCommitted,
        long proposalsApplied,
        long proposalsPending,
        long proposalsFailed,
        long snapshots,
        Durations walFsync,
        List<PeerTraffic> peers) {
    public RaftMetrics {
        peers = List.copyOf(peers);
    }
}
