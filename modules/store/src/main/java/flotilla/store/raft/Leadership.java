package flotilla.store.raft;

import flotilla.store.log.ReplicatedLog.LeadershipListener;
import java.util.concurrent.Executor;

/**
 * Whether this member leads with an up-to-date state, and since which term.
 *
 * <p>Ratis tells of taking office on its apply thread and of losing it on others, in no certain
 * order. A term is therefore led only while it is greater than every term known at a loss of
 * office: after one, this member leads again at the earliest in the term after.
 */
final class Leadership {
    private final LeadershipListener listener;
    private final Executor calls;
    private long deposedTerm;
    private volatile long ledTerm;

    /**
     * @param calls runs the listener, in order
     */
    Leadership(LeadershipListener listener, Executor calls) {
        this.listener = listener;
        this.calls = calls;
    }

    /** The term this member leads, having applied an entry of it; 0 if none. */
    long ledTerm() {
        return ledTerm;
    }

    /** An entry of the term that this member leads was applied here. */
    synchronized void ready(long term) {
        if (term > deposedTerm && term != ledTerm) {
            ledTerm = term;
            calls.execute(() -> listener.onLeadership(true, term));
        }
    }

    /**
     * @param currentTerm the term known when office was lost; that one or a later one
     */
    synchronized void deposed(long currentTerm) {
        deposedTerm = Math.max(deposedTerm, currentTerm);
        long term = ledTerm;
        if (term != 0) {
            ledTerm = 0;
            calls.execute(() -> listener.onLeadership(false, term));
        }
    }
}
