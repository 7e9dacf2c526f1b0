package flotilla.raft;

import flotilla.raft.members.ConfState;
import flotilla.raft.progress.Progress;
import java.util.List;

/**
 * A member as it is between two steps, for people and for the driver's decisions.
 *
 * @param stored the log is on disk up to here
 * @param transferee who is to take over; 0 if nobody
 * @param peers what a leader knows of the others; empty if it doesn't lead
 */
public record Status(
        long id,
        Standing standing,
        long commit,
        long applied,
        long stored,
        long last,
        ConfState members,
        long transferee,
        List<Peer> peers) {
    /**
     * @param active heard from since the leader last asked itself
     */
    public record Peer(long id, long match, long next, Progress.State state, boolean active) {}

    /**
     * Whether a snapshot is on its way to somebody. Until then the log must keep what comes after
     * it, or the receiver will be one snapshot behind for ever (raft.md scenario 53).
     */
    public boolean sendsSnapshot() {
        return peers.stream().anyMatch(peer -> peer.state() == Progress.State.SNAPSHOT);
    }
}
