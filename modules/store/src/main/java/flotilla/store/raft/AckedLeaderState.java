package flotilla.store.raft;

import java.util.Arrays;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one follower's appender and Ratis' leader state, and notes when each append
 * request was created and which was acknowledged. Only this knows that an acknowledgement answers a
 * request made after a certain moment; the time of the answer says nothing about that.
 */
final class AckedLeaderState implements LeaderState {
    /** Requests remembered; an answer to an older one is not counted. A power of two. */
    private static final int REMEMBERED = 1024;

    private final LeaderState leader;
    private final QuorumAcks acks;
    private final long[] callIds = new long[REMEMBERED];
    private final long[] rounds = new long[REMEMBERED];
    private final long[] terms = new long[REMEMBERED];
    private volatile long createdRound;
    private volatile long toldCommit = RaftLog.INVALID_LOG_INDEX;
    private volatile @Nullable Follower served;
    private long ackedRound;
    private long ackedTerm;

    /** The follower as its appender sees it. */
    interface Follower {
        /** The leader's commit index. */
        long commitIndex();

        /** The last entry that the follower is known to have. */
        long matchIndex();

        /** The next entry to be sent to it; after a failure perhaps one that it has. */
        long nextIndex();

        /** Whether requests with entries are under way. */
        boolean hasPendingDataRequests();

        /** Wakes the appender, if it has something to send. */
        void notifyLogAppender();
    }

    AckedLeaderState(LeaderState leader, QuorumAcks acks) {
        this.leader = leader;
        this.acks = acks;
        Arrays.fill(callIds, -1);
        createdRound = acks.round();
    }

    void serve(Follower follower) {
        served = follower;
    }

    /**
     * Whether to send at once, even without entries. While it lasts Ratis sends no entries, so the
     * very next request must end it.
     */
    boolean demanded() {
        return createdRound < acks.round() || owesCommit();
    }

    /**
     * Whether the follower has an entry that it doesn't know to be committed, and no request under
     * way or to come that would tell it. Without this it would learn of it by the next heartbeat,
     * and so would whoever waits for a write there.
     *
     * <p>Nothing is owed to a follower that is sent entries from before the commit index once more:
     * those tell it, and a request without entries tells only what lies before them.
     */
    private boolean owesCommit() {
        Follower follower = served;
        if (follower == null) {
            return false;
        }
        long commit = follower.commitIndex();
        return commit > toldCommit
                && follower.matchIndex() >= commit
                && follower.nextIndex() > commit
                && !follower.hasPendingDataRequests();
    }

    /** Wakes the appender, which then looks whether a request is {@link #demanded}. */
    void wake() {
        Follower follower = served;
        if (follower != null) {
            follower.notifyLogAppender();
        }
    }

    synchronized boolean acknowledged(long round, long term) {
        return ackedTerm == term && ackedRound >= round;
    }

    @Override
    public AppendEntriesRequestProto newAppendEntriesRequestProto(
            FollowerInfo follower, List<LogEntryProto> entries, TermIndex previous, long callId) {
        long round = acks.round();
        AppendEntriesRequestProto request =
                leader.newAppendEntriesRequestProto(follower, entries, previous, callId);
        synchronized (this) {
            int slot = (int) (callId & (REMEMBERED - 1));
            callIds[slot] = callId;
            rounds[slot] = round;
            terms[slot] = request.getLeaderTerm();
        }
        createdRound = round;
        toldCommit = Math.max(toldCommit, request.getLeaderCommit());
        return request;
    }

    @Override
    public void onAppendEntriesReply(LogAppender served, AppendEntriesReplyProto reply) {
        leader.onAppendEntriesReply(served, reply);
        fillAgain(served.getFollower(), reply);
        long callId = reply.getServerReply().getCallId();
        synchronized (this) {
            int slot = (int) (callId & (REMEMBERED - 1));
            if (callIds[slot] != callId || terms[slot] != reply.getTerm()) {
                return;
            }
            if (terms[slot] > ackedTerm) {
                ackedTerm = terms[slot];
                ackedRound = 0;
            }
            ackedRound = Math.max(ackedRound, rounds[slot]);
        }
        acks.acknowledged();
    }

    /**
     * A follower that has less than it once acknowledged lost its disk. Ratis goes on behind what
     * it acknowledged, and on an idle cluster never comes back to what is missing (RATIS-2523).
     * Sending an entry twice does no harm.
     */
    private static void fillAgain(FollowerInfo follower, AppendEntriesReplyProto reply) {
        if (reply.getResult() == AppendResult.INCONSISTENCY
                && reply.getNextIndex() <= follower.getMatchIndex()) {
            follower.setNextIndex(reply.getNextIndex());
        }
    }

    @Override
    public void restart(LogAppender served) {
        leader.restart(served);
    }

    @Override
    public void checkHealth(FollowerInfo follower) {
        leader.checkHealth(follower);
    }

    @Override
    public boolean onFollowerTerm(FollowerInfo follower, long term) {
        return leader.onFollowerTerm(follower, term);
    }

    @Override
    public void onFollowerCommitIndex(FollowerInfo follower, long commitIndex) {
        leader.onFollowerCommitIndex(follower, commitIndex);
    }

    @Override
    public void onFollowerSuccessAppendEntries(FollowerInfo follower) {
        leader.onFollowerSuccessAppendEntries(follower);
    }

    @Override
    public boolean isFollowerBootstrapping(FollowerInfo follower) {
        return leader.isFollowerBootstrapping(follower);
    }
}
