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
 * also reads from then on. When nothing changed there is no new revision. Holds a stretch of keys
 * at a time, and never what was before, unless somebody asked to be answered with it.
 */
public final class MvccWriter {
    /** Bytes of keys walked over before they are deleted. */
    private static final int STRETCH_BYTES = 64 << 10;

    private final Backend.Draft draft;
    private final LeaseLinks leases;
    private final Room room;
    private final long before;
    private final long compactRevision;
    private final ChangeCount count = new ChangeCount();
    private final List<KeyChange> remembered = new ArrayList<>();
    private long rememberedBytes;

    /**
     * @param answers for key-values that were asked for
     * @param rememberedBytes how much of what changed to remember for watchers, in bytes
     */
    public record Room(LimitedRoom answers, long rememberedBytes) {}

    /** Writes the revision after {@code state.revision()}. */
    public MvccWriter(Backend.Draft draft, StoreState state, LeaseLinks leases, Room room) {
        this.draft = draft;
        this.leases = leases;
        this.room = room;
        this.before = state.revision();
        this.compactRevision = state.compactRevision();
    }

    /** Reads what is there now, its own writes among it. */
    public MvccReader reader() {
        return new MvccReader(draft, revision(), compactRevision);
    }

    /** Where what is answered must find room. */
    public LimitedRoom answers() {
        return room.answers();
    }

    /** The revision reached: that of the writes, or the one before when there were none. */
    public long revision() {
        return count.changes() == 0 ? before : before + 1;
    }

    /** What has been changed so far. */
    public ChangeCount count() {
        return count;
    }

    /** What was made; null when nothing changed. */
    public @Nullable Commit commit() {
        return count.changes() == 0
                ? null
                : new Commit(before + 1, remembered, remembered.size() == count.changes());
    }

    private void changed(KeyChange change) {
        count.add(change);
        rememberedBytes += change.size();
        if (rememberedBytes <= room.rememberedBytes()) {
            remembered.add(change);
        } else {
            remembered.clear(); // a part is of no use
        }
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
        if ((put.getIgnoreValue() || put.getIgnoreLease()) && reader().head(put.getKey()) == null) {
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
        KeyHead previous = reader().head(put.getKey());
        boolean valueMatters = put.getIgnoreValue() || put.getPrevKv();
        KeyValue held = previous != null && valueMatters ? reader().load(previous) : null;
        ByteString value = put.getIgnoreValue() && held != null ? held.getValue() : put.getValue();
        KeyHead head = next(previous, put);
        PutResponse.Builder response = PutResponse.newBuilder().setHeader(header(before + 1));
        if (put.getPrevKv() && held != null) {
            answers().take(AnswerRoom.bytes(held));
            response.setPrevKv(held);
        }
        KeyValue made = head.of(put.getKey()).setValue(value).build();
        store(head, made);
        moveLease(made, previous);
        changed(new KeyChange(Event.EventType.PUT, made, count.changes()));
        return response.build();
    }

    private KeyHead next(@Nullable KeyHead previous, PutRequest put) {
        Revision at = new Revision(before + 1, count.changes());
        if (previous == null) {
            return new KeyHead(at, at.main(), 1, put.getLease());
        }
        long lease = put.getIgnoreLease() ? previous.lease() : put.getLease();
        return new KeyHead(at, previous.createRevision(), previous.version() + 1, lease);
    }

    private void store(KeyHead head, KeyValue kv) {
        byte[] key = kv.getKey().toByteArray();
        byte[] encoded = head.encode();
        draft.put(Space.LATEST, key, encoded);
        draft.put(Space.HISTORY, HistoryKey.of(key, head.at()), encoded);
        draft.put(Space.REVISION, head.at().key(), kv.toByteArray());
    }

    private void moveLease(KeyValue made, @Nullable KeyHead previous) {
        long old = previous == null ? 0 : previous.lease();
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
        DeleteRangeResponse.Builder response = DeleteRangeResponse.newBuilder();
        long changesBefore = count.changes();
        KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
        Stretch stretch = new Stretch(request.getPrevKv() ? response : null);
        do {
            stretch.keys.clear();
            stretch.bytes = 0;
            reader().walk(range, 0, stretch);
            stretch.keys.forEach(this::delete);
            if (!stretch.keys.isEmpty()) {
                range = range.after(stretch.keys.getLast().key());
            }
        } while (stretch.isFull());
        return response.setHeader(header(revision()))
                .setDeleted(count.changes() - changesBefore)
                .build();
    }

    private record Doomed(ByteString key, long lease) {}

    /** The next keys of a range that are to be deleted. */
    private final class Stretch implements MvccReader.Visitor {
        private final DeleteRangeResponse.@Nullable Builder told;
        private final List<Doomed> keys = new ArrayList<>();
        private long bytes;

        /**
         * @param told answered with what the keys held; null when nobody asked
         */
        Stretch(DeleteRangeResponse.@Nullable Builder told) {
            this.told = told;
        }

        boolean isFull() {
            return bytes >= STRETCH_BYTES;
        }

        @Override
        public boolean visit(Found found) {
            KeyValue kv = told == null ? found.bare() : found.whole();
            if (told != null) {
                answers().take(AnswerRoom.bytes(kv));
                told.addPrevKvs(kv);
            }
            keys.add(new Doomed(kv.getKey(), kv.getLease()));
            bytes += AnswerRoom.OVERHEAD_BYTES + kv.getKey().size();
            return !isFull();
        }
    }

    /** Deletes a key that exists; in the order of the calls. */
    private void delete(Doomed doomed) {
        byte[] key = doomed.key().toByteArray();
        Revision at = new Revision(before + 1, count.changes());
        KeyValue tombstone = KeyValue.newBuilder().setKey(doomed.key()).build();
        draft.delete(Space.LATEST, key);
        draft.put(Space.HISTORY, HistoryKey.of(key, at), HistoryKey.DELETED);
        draft.put(Space.REVISION, at.tombstoneKey(), tombstone.toByteArray());
        if (doomed.lease() != 0) {
            leases.detach(doomed.lease(), doomed.key());
        }
        KeyValue told = tombstone.toBuilder().setModRevision(at.main()).build();
        changed(new KeyChange(Event.EventType.DELETE, told, at.sub()));
    }

    /** Deletes a key that hangs on a lease. */
    public void delete(ByteString key, long lease) {
        delete(new Doomed(key, lease));
    }

    static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
