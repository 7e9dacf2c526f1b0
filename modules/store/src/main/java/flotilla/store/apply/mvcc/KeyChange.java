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
 * @param previous what it was; null when it wasn't, or when nobody asked
 */
public record KeyChange(Event.EventType type, KeyValue kv, @Nullable KeyValue previous) {
    public ByteString key() {
        return kv.getKey();
    }

    public boolean isDeletion() {
        return type == Event.EventType.DELETE;
    }

    /** As a watcher is told. */
    public Event event(boolean withPrevious) {
        Event.Builder event = Event.newBuilder().setType(type).setKv(kv);
        if (withPrevious && previous != null) {
            event.setPrevKv(previous);
        }
        return event.build();
    }

    /** About how much memory it takes, in bytes. */
    public int size() {
        return kv.getSerializedSize() + (previous == null ? 0 : previous.getSerializedSize());
    }
}
