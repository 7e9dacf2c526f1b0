package flotilla.store.log.driver;

import flotilla.raft.Standing;
import flotilla.raft.Standing.Kind;
import flotilla.store.log.ReplicatedLog.LeadershipListener;
import java.util.concurrent.Executor;

/**
 * Whether this member leads with a state that is up to date: it has applied an entry of its own
 * term, and with it all that its predecessors acknowledged. Belongs to the core's loop, but for
 * what is said.
 */
final class Leadership {
    private final LeadershipListener listener;
    private final Executor calls;
    private long leads;
    private long appliedTerm;
    private volatile long ledTerm;

    /**
     * @param calls runs the listener, in order
     */
    Leadership(LeadershipListener listener, Executor calls) {
        this.listener = listener;
        this.calls = calls;
    }

    /** The term this member leads with its state up to date; 0 if none. From any thread. */
    long ledTerm() {
        return ledTerm;
    }

    void stands(Standing standing) {
        leads = standing.kind() == Kind.LEADER ? standing.term() : 0;
        if (ledTerm != 0 && ledTerm != leads) {
            tell(0);
        }
        takeOffice();
    }

    /** The last entry that was applied is of this term. */
    void applied(long term) {
        appliedTerm = term;
        takeOffice();
    }

    private void takeOffice() {
        if (leads != 0 && leads == appliedTerm && ledTerm != leads) {
            tell(leads);
        }
    }

    private void tell(long term) {
        long before = ledTerm;
        ledTerm = term;
        calls.execute(() -> listener.onLeadership(term != 0, term != 0 ? term : before));
    }
}
