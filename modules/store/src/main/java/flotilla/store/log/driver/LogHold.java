package flotilla.store.log.driver;

import flotilla.raft.Status;
import java.util.HashMap;
import java.util.Map;

/**
 * How much of the log must stay for members that were sent a checkpoint: while one is on its way,
 * and until its receiver has caught up, or it would be one behind for ever (raft.md scenario 53).
 */
final class LogHold {
    /**
     * How long the log is held for one that catches up, in checkpoints that are taken meanwhile
     * (etcd: 30 s): by so much longer than usual it can become.
     */
    static final int CHECKPOINTS_MAX = 8;

    private int underWay;

    /** For how many checkpoints more. */
    private final Map<Long, Integer> catchingUp = new HashMap<>();

    /** A member is to be sent a checkpoint. */
    void began() {
        underWay++;
    }

    /** It was, or was not. */
    void ended(long member, boolean arrived) {
        underWay--;
        if (arrived) {
            catchingUp.put(member, CHECKPOINTS_MAX);
        }
    }

    /** A checkpoint was taken here. */
    void taken() {
        catchingUp.replaceAll((_, left) -> left - 1);
        catchingUp.values().removeIf(left -> left == 0);
    }

    /**
     * Up to where nobody of them needs it.
     *
     * @param newest the last entry in the newest checkpoint: who has it has caught up
     */
    long unneeded(Status status, long newest) {
        if (underWay > 0 || status.sendsSnapshot()) {
            return 0;
        }
        long unneeded = Long.MAX_VALUE;
        catchingUp.keySet().retainAll(status.peers().stream().map(Status.Peer::id).toList());
        for (Status.Peer peer : status.peers()) {
            if (peer.match() >= newest) {
                catchingUp.remove(peer.id());
            } else if (catchingUp.containsKey(peer.id())) {
                unneeded = Math.min(unneeded, peer.match());
            }
        }
        return unneeded;
    }
}
