package flotilla.store.wire;

import flotilla.platform.Registration;
import flotilla.store.log.ReplicatedLog;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends the streams whose clients asked for a leader when this member has been without one for three
 * checks, an election timeout apart: the client then goes to a member that has one.
 */
final class LeaderWatchdog {
    /** Checks without a leader before the streams end (etcd's {@code maxNoLeaderCnt}). */
    private static final int MAX_CHECKS = 3;

    private final ReplicatedLog log;
    private final Set<Runnable> guarded = ConcurrentHashMap.newKeySet();
    private int without;

    LeaderWatchdog(ReplicatedLog log) {
        this.log = log;
    }

    Registration onNoLeader(Runnable end) {
        guarded.add(end);
        return () -> guarded.remove(end);
    }

    /** Called once an election timeout, by one thread. */
    void check() {
        without = log.status().hasLeader() ? 0 : without + 1;
        if (without >= MAX_CHECKS) {
            List<Runnable> ending = List.copyOf(guarded);
            guarded.removeAll(ending);
            ending.forEach(Runnable::run);
        }
    }
}
