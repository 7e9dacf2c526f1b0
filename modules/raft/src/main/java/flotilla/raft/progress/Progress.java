package flotilla.raft.progress;

/**
 * One follower as its leader sees it. Always {@code 0 <= match < next}.
 *
 * <pre>
 * from       to         because
 * (new)      PROBE      the leader was elected, or the follower added
 * PROBE      REPLICATE  it accepted an append: match is known
 * PROBE      SNAPSHOT   what it needs next is no longer in the log
 * REPLICATE  PROBE      it rejected an append, or could not be reached
 * REPLICATE  SNAPSHOT   as above: it fell behind the start of the log
 * SNAPSHOT   PROBE      the transfer was reported done or failed
 * SNAPSHOT   REPLICATE  it accepted something from which the log can go on
 * </pre>
 */
public final class Progress {
    /** How the follower is sent to. */
    public enum State {
        /** Where its log ends is a guess: one append at a time, until one is accepted. */
        PROBE,
        /** Known: appends follow each other without waiting, as far as the window goes. */
        REPLICATE,
        /** A snapshot is on its way: no appends. */
        SNAPSHOT
    }

    private final Inflights inflights;
    private State state = State.PROBE;
    private long match;
    private long next;
    private long pendingSnapshot;
    private long sentCommit;
    private long knownCommit;
    private long ackedRound;
    private boolean paused;
    private boolean active;
    private boolean nudged;

    /**
     * @param next index to try first
     * @param messagesMax appends that may be unanswered
     * @param bytesMax bytes of entries that may be unanswered
     */
    public Progress(long next, int messagesMax, long bytesMax) {
        this.next = next;
        this.inflights = new Inflights(messagesMax, bytesMax);
    }

    /** The follower's log equals the leader's up to {@code index}. */
    public void accepted(long index) {
        boolean grew = index > match;
        boolean probeAnswered = state == State.PROBE && index == match;
        match = Math.max(match, index);
        next = Math.max(next, match + 1);
        if (!grew && !probeAnswered) {
            return;
        }
        paused = false;
        switch (state) {
            case PROBE -> becomeReplicate();
            case REPLICATE -> inflights.freeTo(match);
            // Only the caller knows where the log begins: see endSnapshot.
            case SNAPSHOT -> {}
        }
    }

    /** If a snapshot was on its way: what the follower has now is enough to go on from the log. */
    public void endSnapshot(long firstIndex) {
        if (state == State.SNAPSHOT && match + 1 >= firstIndex) {
            becomeReplicate();
        }
    }

    /**
     * The follower had no matching entry at {@code prev}. A late rejection changes nothing: in
     * PROBE it must name the append last tried, in REPLICATE one above match (raft.md scenario 16).
     *
     * @param hint highest index at which the logs may agree, by what the follower said
     */
    public void rejected(long prev, long hint) {
        switch (state) {
            case REPLICATE -> {
                if (prev > match) {
                    becomeProbe();
                }
            }
            case PROBE -> {
                if (prev == next - 1) {
                    next = Math.max(Math.min(prev, hint + 1), match + 1);
                    sentCommit = Math.min(sentCommit, next - 1);
                    paused = false;
                }
            }
            case SNAPSHOT -> {}
        }
    }

    /** An append to it was lost for all we know. */
    public void unreachable() {
        if (state == State.REPLICATE) {
            becomeProbe();
        }
    }

    /** What it needs is gone from the log, which begins after {@code base}. */
    public void becomeSnapshot(long base) {
        reset(State.SNAPSHOT);
        pendingSnapshot = base;
    }

    /**
     * A transfer ended. The next append waits for a sign of life, for the follower may not have
     * installed it yet.
     *
     * @param index where the snapshot ends; 0 if the transfer failed
     */
    public void snapshotReported(long index) {
        if (state == State.SNAPSHOT) {
            pendingSnapshot = index;
            becomeProbe();
            paused = true;
        }
    }

    /** An append went out. */
    public void sent(long lastIndex, long bytes) {
        boolean empty = lastIndex < next;
        switch (state) {
            case PROBE -> paused = true;
            case REPLICATE -> {
                if (!empty) {
                    next = lastIndex + 1;
                    inflights.add(lastIndex, bytes);
                }
                paused = inflights.full();
            }
            case SNAPSHOT ->
                    throw new IllegalStateException("an append was sent beside a snapshot");
        }
        nudged = false;
    }

    /** A commit index went out, in whatever message. */
    public void sentCommit(long commit) {
        sentCommit = Math.max(sentCommit, commit);
    }

    /**
     * It answered a heartbeat: it lives. If it lacks something, something gets sent, even if the
     * window is full: all appends in it, or all their answers, may be lost (raft.md scenarios 14,
     * 15).
     */
    public void answeredHeartbeat(long round, long lastIndex) {
        ackedRound = Math.max(ackedRound, round);
        paused = false;
        nudged |= match < lastIndex || state == State.PROBE;
    }

    /** It said how far it knows the log to be committed. */
    public void knowsCommit(long commit) {
        knownCommit = Math.max(knownCommit, commit);
    }

    /**
     * Whether it was heard from since the question was last {@linkplain #restartContact() reset}.
     */
    public boolean active() {
        return active;
    }

    public void heard() {
        active = true;
    }

    public void restartContact() {
        active = false;
    }

    /** Whether nothing may be sent to it now. */
    public boolean paused() {
        return state == State.SNAPSHOT || paused;
    }

    /**
     * Whether entries may go with the next append, or the window leaves room for an empty one only.
     */
    public boolean mayTakeEntries() {
        return state != State.REPLICATE || !inflights.full();
    }

    /**
     * Whether an empty append would tell it something, or find out whether it got the last ones.
     */
    public boolean wantsEmptyAppend(long commit) {
        return nudged || (commit > sentCommit && sentCommit < next - 1);
    }

    public State state() {
        return state;
    }

    /** Its log is known to equal the leader's up to here. */
    public long match() {
        return match;
    }

    /** First index of the next append. */
    public long next() {
        return next;
    }

    /** How far it said it knows the log to be committed. */
    public long knownCommit() {
        return knownCommit;
    }

    /** The latest round of heartbeats it answered. */
    public long ackedRound() {
        return ackedRound;
    }

    private void becomeProbe() {
        long from = state == State.SNAPSHOT ? Math.max(match, pendingSnapshot) : match;
        reset(State.PROBE);
        next = from + 1;
        sentCommit = Math.min(sentCommit, from);
    }

    private void becomeReplicate() {
        reset(State.REPLICATE);
        next = match + 1;
        sentCommit = Math.min(sentCommit, match);
    }

    private void reset(State to) {
        state = to;
        paused = false;
        nudged = false;
        pendingSnapshot = 0;
        inflights.clear();
    }
}
