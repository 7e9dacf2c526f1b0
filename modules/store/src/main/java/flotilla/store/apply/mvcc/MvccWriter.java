package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one revision: all puts and deletes of one write, ordered by sub-revision. What it writes it
 * also reads from then on. When nothing changed there is no new revision.
 */
public final class MvccWriter {
    private final Overlay overlay;
    private final LeaseLinks leases;
    private final long before;
    private final long compactRevision;
    private final List<KeyChange> changes = new ArrayList<>();

    /** Writes the revision after {@code state.revision()}. */
    public MvccWriter(Overlay overlay, StoreState state, LeaseLinks leases) {
        this.overlay = overlay;
        this.leases = leases;
        this.before = state.revision();
        this.compactRevision = state.compactRevision();
    }

    /** Reads what is there now, its own writes among it. */
    public MvccReader reader() {
        return new MvccReader(overlay, revision(), compactRevision);
    }

    /** The revision reached: that of the writes, or the one before when there were none. */
    public long revision() {
        return changes.isEmpty() ? before : before + 1;
    }

    /** What was made; null when nothing changed. */
    public @Nullable Commit commit() {
        return changes.isEmpty() ? null : new Commit(before + 1, changes);
    }

    /** Refuses a put of a transaction that can't be done; asked before anything is written. */
    public void check(PutRequest put) {
        checkKey(put);
        checkLease(put);
    }

    /** The same for a put on its own, where etcd looks at the lease first. */
    public void checkAlone(PutRequest put) {
        checkLease(put);
        checkKey(put);
    }

    private void checkKey(PutRequest put) {
        if (put.getKey().isEmpty()) {
            throw new EtcdException(EtcdError.EMPTY_KEY);
        }
        if ((put.getIgnoreValue() || put.getIgnoreLease())
                && reader().latest(put.getKey()) == null) {
            throw new EtcdException(EtcdError.KEY_NOT_FOUND);
        }
    }

    private void checkLease(PutRequest put) {
        if (put.getLease() != 0 && !put.getIgnoreLease() && !leases.exists(put.getLease())) {
            throw new EtcdException(EtcdError.LEASE_NOT_FOUND);
        }
    }

    /** Puts what {@link #check} found to be fine. */
    public PutResponse put(PutRequest put) {
        KeyValue previous = reader().latest(put.getKey());
        long main = before + 1;
        KeyValue.Builder kv =
                KeyValue.newBuilder()
                        .setKey(put.getKey())
                        .setModRevision(main)
                        .setCreateRevision(previous == null ? main : previous.getCreateRevision())
                        .setVersion(previous == null ? 1 : previous.getVersion() + 1)
                        .setValue(put.getValue())
                        .setLease(put.getLease());
        if (put.getIgnoreValue() && previous != null) {
            kv.setValue(previous.getValue());
        }
        if (put.getIgnoreLease() && previous != null) {
            kv.setLease(previous.getLease());
        }
        KeyValue made = kv.build();
        store(made);
        moveLease(made, previous);
        changes.add(new KeyChange(Event.EventType.PUT, made, previous));
        PutResponse.Builder response = PutResponse.newBuilder().setHeader(header(main));
        if (put.getPrevKv() && previous != null) {
            response.setPrevKv(previous);
        }
        return response.build();
    }

    private void store(KeyValue kv) {
        byte[] key = kv.getKey().toByteArray();
        byte[] bytes = kv.toByteArray();
        Revision at = new Revision(before + 1, changes.size());
        overlay.put(Space.LATEST, key, bytes);
        overlay.put(Space.HISTORY, HistoryKey.of(key, at), HistoryKey.PUT);
        overlay.put(Space.REVISION, at.key(), bytes);
    }

    private void moveLease(KeyValue made, @Nullable KeyValue previous) {
        long old = previous == null ? 0 : previous.getLease();
        if (old == made.getLease()) {
            return;
        }
        if (old != 0) {
            leases.detach(old, made.getKey());
        }
        if (made.getLease() != 0) {
            leases.attach(made.getLease(), made.getKey());
        }
    }

    public DeleteRangeResponse delete(DeleteRangeRequest request) {
        KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
        List<KeyValue> doomed = reader().range(range, 0, Long.MAX_VALUE).kvs();
        doomed.forEach(this::delete);
        DeleteRangeResponse.Builder response =
                DeleteRangeResponse.newBuilder()
                        .setHeader(header(revision()))
                        .setDeleted(doomed.size());
        return request.getPrevKv() ? response.addAllPrevKvs(doomed).build() : response.build();
    }

    /** Deletes a key that exists; in the order of the calls. */
    private void delete(KeyValue kv) {
        byte[] key = kv.getKey().toByteArray();
        Revision at = new Revision(before + 1, changes.size());
        KeyValue tombstone = KeyValue.newBuilder().setKey(kv.getKey()).build();
        overlay.delete(Space.LATEST, key);
        overlay.put(Space.HISTORY, HistoryKey.of(key, at), HistoryKey.DELETED);
        overlay.put(Space.REVISION, at.tombstoneKey(), tombstone.toByteArray());
        if (kv.getLease() != 0) {
            leases.detach(kv.getLease(), kv.getKey());
        }
        KeyValue told = tombstone.toBuilder().setModRevision(at.main()).build();
        changes.add(new KeyChange(Event.EventType.DELETE, told, kv));
    }

    /** Deletes those of some keys that exist. */
    public void deleteAll(List<ByteString> sortedKeys) {
        for (ByteString key : sortedKeys) {
            KeyValue kv = reader().latest(key);
            if (kv != null) {
                delete(kv);
            }
        }
    }

    static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
