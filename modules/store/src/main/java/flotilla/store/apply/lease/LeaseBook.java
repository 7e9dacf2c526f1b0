package flotilla.store.apply.lease;

import com.google.protobuf.ByteString;
import flotilla.store.apply.mvcc.AnswerRoom;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.LeaseLinks;
import flotilla.store.apply.mvcc.RequestChecks;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which leases there are and which keys hang on them; written into a draft. */
public final class LeaseBook implements LeaseLinks {
    /** Bytes of keys in a {@link #stretch}, about. */
    private static final int STRETCH_BYTES = 64 << 10;

    /** What a lease takes in a list and in an answer, bytes, about. */
    private static final int LEASE_BYTES = 100;

    private static final byte[] NOTHING = new byte[0];

    private final Backend.Draft draft;

    public LeaseBook(Backend.Draft draft) {
        this.draft = draft;
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
        draft.put(Space.LEASE, key(id), lease.encode());
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
        draft.delete(Space.LEASE, key(id));
    }

    /** Notes what is left of a lease; one that is gone meanwhile doesn't matter. */
    public void checkpoint(long id, long remainingTtlSeconds) {
        find(draft, id)
                .map(Lease::grantedTtlSeconds)
                .ifPresent(granted -> {
                    long remaining = Math.clamp(remainingTtlSeconds, 1, granted);
                    Lease lease = new Lease(id, granted, remaining);
                    draft.put(Space.LEASE, key(id), lease.encode());
                });
    }

    @Override
    public boolean exists(long leaseId) {
        return draft.get(Space.LEASE, key(leaseId)) != null;
    }

    @Override
    public void attach(long leaseId, ByteString key) {
        draft.put(Space.LEASE_KEY, linkKey(leaseId, key), NOTHING);
    }

    @Override
    public void detach(long leaseId, ByteString key) {
        draft.delete(Space.LEASE_KEY, linkKey(leaseId, key));
    }

    public static Optional<Lease> find(Backend.View view, long id) {
        return Optional.ofNullable(view.get(Space.LEASE, key(id)))
                .map(bytes -> Lease.decode(id, bytes));
    }

    /** All leases, by id. */
    public static List<Lease> all(Backend.View view, AnswerRoom room) {
        List<Lease> leases = new ArrayList<>();
        forEach(
                view,
                lease -> {
                    room.take(LEASE_BYTES);
                    leases.add(lease);
                });
        return leases;
    }

    /** Each lease, in the order of their ids. */
    public static void forEach(Backend.View view, Consumer<Lease> each) {
        try (Backend.Cursor cursor = view.cursor(Space.LEASE)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                long id = ByteBuffer.wrap(cursor.key()).getLong();
                each.accept(Lease.decode(id, cursor.value()));
            }
        }
    }

    /** Is shown the keys attached to a lease, in their order; says whether to go on. */
    @FunctionalInterface
    public interface Visitor {
        boolean visit(ByteString key);
    }

    /**
     * Walks over the keys attached to a lease.
     *
     * @param from where to begin; empty for the first
     */
    public static void walk(Backend.View view, long id, ByteString from, Visitor visitor) {
        byte[] prefix = key(id);
        try (Backend.Cursor cursor = view.cursor(Space.LEASE_KEY)) {
            boolean on = cursor.seek(linkKey(id, from));
            while (on && Arrays.equals(cursor.key(), 0, Long.BYTES, prefix, 0, Long.BYTES)) {
                byte[] link = cursor.key();
                ByteString key = ByteString.copyFrom(link, Long.BYTES, link.length - Long.BYTES);
                on = visitor.visit(key) && cursor.next();
            }
        }
    }

    /** The keys attached to a lease, sorted. */
    public static List<ByteString> keys(Backend.View view, long id, AnswerRoom room) {
        List<ByteString> keys = new ArrayList<>();
        walk(
                view,
                id,
                ByteString.EMPTY,
                key -> {
                    room.take(AnswerRoom.OVERHEAD_BYTES + key.size());
                    return keys.add(key);
                });
        return keys;
    }

    /**
     * Some keys attached to a lease, sorted; none when there are no more.
     *
     * @param after the last of those before; empty to begin
     */
    public static List<ByteString> stretch(Backend.View view, long id, ByteString after) {
        Stretch stretch = new Stretch(after);
        walk(view, id, after, stretch);
        return stretch.keys;
    }

    private static final class Stretch implements Visitor {
        private final ByteString after;
        private final List<ByteString> keys = new ArrayList<>();
        private long bytes;

        Stretch(ByteString after) {
            this.after = after;
        }

        @Override
        public boolean visit(ByteString key) {
            if (!key.equals(after)) {
                keys.add(key);
                bytes += AnswerRoom.OVERHEAD_BYTES + key.size();
            }
            return bytes < STRETCH_BYTES;
        }
    }

    /** Whether a key that begins so is attached to a lease. */
    public static boolean holdsPrefix(Backend.View view, long id, ByteString prefix) {
        First first = new First();
        walk(view, id, prefix, first);
        return first.key != null && first.key.startsWith(prefix);
    }

    private static final class First implements Visitor {
        private @Nullable ByteString key;

        @Override
        public boolean visit(ByteString visited) {
            key = visited;
            return false;
        }
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
