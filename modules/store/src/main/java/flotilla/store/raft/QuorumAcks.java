package flotilla.store.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * Which followers still took this member for the leader, and how lately: each append request is
 * stamped with the current round when it is <em>created</em>, and an acknowledgement counts for the
 * stamp of the request it answers.
 */
final class QuorumAcks {
    private final AtomicLong round = new AtomicLong();
    private final Map<RaftPeerId, AckedLeaderState> followers = new ConcurrentHashMap<>();
    private final int others;
    private volatile Runnable listener = () -> {};

    /**
     * @param members voting members, this one among them
     */
    QuorumAcks(int members) {
        this.others = members / 2;
    }

    /** Told on Ratis' threads after each acknowledgement; must not block. */
    void listen(Runnable onAck) {
        listener = onAck;
    }

    long round() {
        return round.get();
    }

    /** Opens a round; requests created from now on carry at least its number. */
    long nextRound() {
        long next = round.incrementAndGet();
        wake();
        return next;
    }

    /** Has the appenders look whether their followers should hear something. */
    void wake() {
        followers.values().forEach(AckedLeaderState::wake);
    }

    /** Whether a majority, this member included, acknowledged that round in that term. */
    boolean confirmed(long wantedRound, long term) {
        int acks = 0;
        for (AckedLeaderState follower : followers.values()) {
            if (follower.acknowledged(wantedRound, term)) {
                acks++;
            }
        }
        return acks >= others;
    }

    void follow(RaftPeerId follower, AckedLeaderState state) {
        followers.put(follower, state);
    }

    void acknowledged() {
        listener.run();
    }
}
