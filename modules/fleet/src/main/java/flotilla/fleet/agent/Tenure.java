package flotilla.fleet.agent;

import java.util.OptionalLong;

/**
 * Whether this machine may take it that it is in the cluster, and that what it knows of its
 * placements holds. It is sure while it has a lease, the last accepted renewal of which was sent
 * not too long ago, and a listing that was asked for after it was last unsure.
 */
final class Tenure {
    private final Fence fence;
    private OptionalLong lease = OptionalLong.empty();
    private long registeredRevision;
    private long sentMillis;
    private long killAt;
    private boolean doubted;
    private boolean listed;

    /**
     * Of an earlier run's lease nothing is known: it is given as long as one that was renewed now.
     */
    Tenure(Fence fence, long now) {
        this.fence = fence;
        sent(now);
    }

    OptionalLong lease() {
        return lease;
    }

    void registered(Event.Registered event) {
        lease = OptionalLong.of(event.lease());
        registeredRevision = event.revision();
        sent(event.sentMillis());
        doubted = false;
        listed = false;
    }

    void renewed(Event.Renewed event, long now) {
        if (isOf(event.lease()) && event.sentMillis() > sentMillis) {
            sent(event.sentMillis());
            doubted = doubted && now >= stopAt();
        }
    }

    /**
     * The store does not know the lease any more, however that came: others count from then.
     *
     * @return whether the machine has become unsure only now
     */
    boolean lost(long which, long now) {
        if (!isOf(which)) {
            return false;
        }
        lease = OptionalLong.empty();
        killAt = Math.min(killAt, now + fence.graceMillis() / 2);
        boolean first = !doubted;
        doubted = true;
        listed = false;
        return first;
    }

    private boolean isOf(long which) {
        return lease.isPresent() && lease.getAsLong() == which;
    }

    /** Whether the machine has just become unsure: what it knows is to be asked for anew. */
    boolean beginsToDoubt(long now) {
        if (doubted || now < stopAt()) {
            return false;
        }
        doubted = true;
        listed = false;
        return true;
    }

    boolean isDoubted() {
        return doubted;
    }

    /** False for a listing from before the machine was registered: another one is needed. */
    boolean listed(long revision) {
        listed = revision >= registeredRevision;
        return listed;
    }

    boolean isSure() {
        return lease.isPresent() && !doubted && listed;
    }

    long stopAt() {
        return sentMillis + fence.stopAfterMillis();
    }

    long killAt() {
        return killAt;
    }

    private void sent(long millis) {
        sentMillis = millis;
        killAt = millis + fence.killAfterMillis();
    }
}
