package flotilla.store.apply.lease;

import com.google.protobuf.ByteString;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.LeaseLinks;
import flotilla.store.apply.mvcc.Overlay;
import flotilla.store.apply.mvcc.RequestChecks;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which leases there are and which keys hang on them; written into an overlay. */
public final class LeaseBook implements LeaseLinks {
    private static final byte[] NOTHING = new byte[0];

    private final Overlay overlay;

    public LeaseBook(Overlay overlay) {
        this.overlay = overlay;
    }

    /** Refused with LEASE_EXISTS, LEASE_TTL_TOO_LARGE, or LEASE_NOT_FOUND for id 0, as in etcd. */
    public Lease grant(long id, long ttlSeconds) {
        if (id == 0) {
            throw new EtcdException(EtcdError.LEASE_NOT_FOUND);
        }
        if (ttlSeconds > RequestChecks.MAX_LEASE_TTL_SECONDS) {
            throw new EtcdException(EtcdError.LEASE_TTL_TOO_LARGE);
        }
        if (exists(id)) {
            throw new EtcdException(EtcdError.LEASE_EXISTS);
        }
        long granted = Math.max(ttlSeconds, 1);
        Lease lease = new Lease(id, granted, granted);
        overlay.put(Space.LEASE, key(id), lease.encode());
        return lease;
    }

    /**
     * Forgets a lease whose keys have been deleted, so that nothing is attached to it; refused with
     * LEASE_NOT_FOUND.
     */
    public void revoke(long id) {
        if (!exists(id)) {
            throw new EtcdException(EtcdError.LEASE_NOT_FOUND);
        }
        overlay.delete(Space.LEASE, key(id));
    }

    /** Notes what is left of a lease; one that is gone meanwhile doesn't matter. */
    public void checkpoint(long id, long remainingTtlSeconds) {
        find(overlay, id)
                .map(Lease::grantedTtlSeconds)
                .ifPresent(granted -> {
                    long remaining = Math.clamp(remainingTtlSeconds, 1, granted);
                    Lease lease = new Lease(id, granted, remaining);
                    overlay.put(Space.LEASE, key(id), lease.encode());
                });
    }

    @Override
    public boolean exists(long leaseId) {
        return overlay.get(Space.LEASE, key(leaseId)) != null;
    }

    @Override
    public void attach(long leaseId, ByteString key) {
        overlay.put(Space.LEASE_KEY, linkKey(leaseId, key), NOTHING);
    }

    @Override
    public void detach(long leaseId, ByteString key) {
        overlay.delete(Space.LEASE_KEY, linkKey(leaseId, key));
    }

    public static Optional<Lease> find(Backend.View view, long id) {
        return Optional.ofNullable(view.get(Space.LEASE, key(id)))
                .map(bytes -> Lease.decode(id, bytes));
    }

    /** All leases, by id. */
    public static List<Lease> all(Backend.View view) {
        List<Lease> leases = new ArrayList<>();
        try (Backend.Cursor cursor = view.cursor(Space.LEASE)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                long id = ByteBuffer.wrap(cursor.key()).getLong();
                leases.add(Lease.decode(id, cursor.value()));
            }
        }
        return leases;
    }

    /** The keys attached to a lease, sorted. */
    public static List<ByteString> keys(Backend.View view, long id) {
        List<ByteString> keys = new ArrayList<>();
        byte[] prefix = key(id);
        try (Backend.Cursor cursor = view.cursor(Space.LEASE_KEY)) {
            for (boolean on = cursor.seek(prefix); on; on = cursor.next()) {
                byte[] link = cursor.key();
                if (!Arrays.equals(link, 0, Long.BYTES, prefix, 0, Long.BYTES)) {
                    break;
                }
                keys.add(ByteString.copyFrom(link, Long.BYTES, link.length - Long.BYTES));
            }
        }
        return keys;
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static byte[] linkKey(long id, ByteString key) {
        byte[] link = ByteBuffer.allocate(Long.BYTES + key.size()).putLong(id).array();
        key.copyTo(link, Long.BYTES);
        return link;
    }
}
