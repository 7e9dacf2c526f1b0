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
    private final Holder holder;
    private long sentMillis;
    private boolean held = true;

    /** Who holds it. */
    interface Holder {
        /** The store has taken a renewal that was sent then. */
        void renewed(long sentMillis);

        void lost();
    }

    private Renewals(Daemon daemon, long lease, long ttlMillis, Holder holder) {
        this.daemon = daemon;
        this.lease = lease;
        this.ttlMillis = ttlMillis;
        this.holder = holder;
    }

    /**
     * @param sentMillis when the lease was asked for
     */
    static Renewals begin(Daemon daemon, long lease, Term term, Holder holder) {
        Renewals renewals = new Renewals(daemon, lease, term.ttlMillis(), holder);
        renewals.sentMillis = term.sentMillis();
        renewals.renew();
        return renewals;
    }

    /** How long a lease lasts, and when it was asked for. */
    record Term(long ttlMillis, long sentMillis) {}

    long lease() {
        return lease;
    }

    long sentMillis() {
        return sentMillis;
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
            if (daemon.millis() - sentMillis >= ttlMillis) {
                lose();
            } else {
                daemon.after(RETRY_MILLIS, "renew", this::renew);
            }
        } else if (there.get()) {
            sentMillis = sent;
            holder.renewed(sent);
            daemon.after(ttlMillis / 3, "renew", this::renew);
        } else {
            lose();
        }
    }

    private void lose() {
        held = false;
        holder.lost();
    }

    /** Renews it no more. */
    void abandon() {
        held = false;
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
