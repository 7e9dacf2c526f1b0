package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key.
 *
 * @param type put or deleted
 * @param kv what it is now; of a deletion the key and its revision only
 * @param sub its place among the changes of its revision
 */
public record KeyChange(Event.EventType type, KeyValue kv, long sub) {
    public ByteString key() {
        return kv.getKey();
    }

    public Revision at() {
        return new Revision(kv.getModRevision(), sub);
    }

    public boolean isDeletion() {
        return type == Event.EventType.DELETE;
    }

    /** Whether the key was there before. */
    public boolean hasPrevious() {
        return isDeletion() || kv.getVersion() > 1;
    }

    /**
     * As a watcher is told.
     *
     * @param previous what the key was before, for those who want to know
     */
    public Event event(@Nullable KeyValue previous) {
        Event.Builder event = Event.newBuilder().setType(type).setKv(kv);
        if (previous != null) {
            event.setPrevKv(previous);
        }
        return event.build();
    }

    /** About how much memory it takes, in bytes. */
    public long size() {
        return AnswerRoom.bytes(kv);
    }
}
