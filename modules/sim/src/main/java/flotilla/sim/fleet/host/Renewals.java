package flotilla.sim.fleet.host;

import java.util.Optional;

/**
 * Keeps a lease as {@code client.LeaseKeeper} does: renews it three times per TTL; it is lost when
 * the store says so, or when a whole TTL has passed since the last renewal was sent.
 */
final class Renewals {
    /** Until another member is asked. */
    private static final long RETRY_MILLIS = 100;

    private final Daemon daemon;
    private final long lease;
    private final long ttlMillis;
    private long sentMillis;
    private boolean held = true;

    private Renewals(Daemon daemon, long lease, long ttlMillis, long sentMillis) {
        this.daemon = daemon;
        this.lease = lease;
        this.ttlMillis = ttlMillis;
        this.sentMillis = sentMillis;
    }

    /**
     * @param sentMillis when the lease was asked for
     */
    static Renewals begin(Daemon daemon, long lease, long ttlMillis, long sentMillis) {
        Renewals renewals = new Renewals(daemon, lease, ttlMillis, sentMillis);
        renewals.renew();
        return renewals;
    }

    long lease() {
        return lease;
    }

    boolean isHeld() {
        return held;
    }

    private void renew() {
        if (held) {
            long sent = daemon.millis();
            daemon.ask(
                    () -> daemon.keeper().renew(lease),
                    ttlMillis / 3,
                    there -> answered(sent, there));
        }
    }

    private void answered(long sent, Optional<Boolean> there) {
        if (!held) {
            return;
        }
        if (there.isEmpty()) {
            held = daemon.millis() - sentMillis < ttlMillis;
            daemon.after(RETRY_MILLIS, "renew", this::renew);
        } else if (there.get()) {
            sentMillis = sent;
            daemon.after(ttlMillis / 3, "renew", this::renew);
        } else {
            held = false;
        }
    }

    /** Gives it back. */
    void close() {
        held = false;
        daemon.ask(
                () -> {
                    daemon.keeper().revoke(lease);
                    return true;
                },
                Daemon.PATIENCE_MILLIS,
                _ -> {});
    }
}
