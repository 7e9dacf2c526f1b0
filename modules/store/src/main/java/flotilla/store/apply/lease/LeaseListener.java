package flotilla.store.apply.lease;

/** Told what becomes of leases, in log order, by the thread that applies; must not block. */
public interface LeaseListener {
    /** Hears nothing. */
    LeaseListener NONE =
            new LeaseListener() {
                @Override
                public void granted(Lease lease) {}

                @Override
                public void revoked(long leaseId) {}

                @Override
                public void replaced() {}
            };

    void granted(Lease lease);

    void revoked(long leaseId);

    /** All leases may be others now: the state was replaced by a snapshot. */
    void replaced();
}
