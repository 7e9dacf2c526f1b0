package flotilla.store.watch;

import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.store.apply.mvcc.AnswerRoom;
import flotilla.store.apply.mvcc.KeyChange;
import org.jspecify.annotations.Nullable;

/** A change as watchers are told of it, made once for all of them, and only if one wants it. */
final class SharedEvent {
    /** A place in a watcher's list. */
    private static final int PLACE_BYTES = 8;

    private final KeyChange change;
    private final History history;
    private final StepRoom room;
    private @Nullable Event plain;
    private @Nullable Event withPrevious;

    SharedEvent(KeyChange change, History history, StepRoom room) {
        this.change = change;
        this.history = history;
        this.room = room;
    }

    KeyChange change() {
        return change;
    }

    /** For one watcher more; null when there is no room now. */
    @Nullable Event take(boolean previousWanted) {
        if (room.isFull()) {
            return null;
        }
        room.take(PLACE_BYTES);
        return previousWanted && change.hasPrevious() ? withPrevious() : plain();
    }

    private Event plain() {
        if (plain == null) {
            plain = change.event(null);
        }
        return plain;
    }

    private Event withPrevious() {
        if (withPrevious == null) {
            KeyValue previous = history.previous(change);
            withPrevious = previous == null ? plain() : change.event(previous);
            room.take(previous == null ? 0 : AnswerRoom.bytes(previous));
        }
        return withPrevious;
    }
}
