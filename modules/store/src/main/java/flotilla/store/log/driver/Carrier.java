package flotilla.store.log.driver;

import flotilla.raft.Input;
import flotilla.raft.Ready;
import flotilla.raft.Standing;
import flotilla.raft.log.HardState;
import flotilla.raft.message.Message;
import flotilla.store.log.SnapshotShelf;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries out what a step of the core asks for, in the order that {@link Ready} owes it. Belongs to
 * the core's loop.
 */
final class Carrier {
    /** Messages that rest on a write. */
    private record Held(long write, List<Message> messages) {}

    /** Who does what. */
    record Hands(
            LiveLog log,
            LogWriter writer,
            Appends appends,
            Applier applier,
            ReadRounds reads,
            SnapshotKeeper snapshots,
            SnapshotShelf shelf) {}

    private final Steps steps;
    private final Hands hands;
    private final Consumer<Standing> standing;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private volatile HardState state;
    private long written;

    /**
     * @param found the hard state that is on the disk
     * @param standing told of each change
     */
    Carrier(Steps steps, Hands hands, HardState found, Consumer<Standing> standing) {
        this.steps = steps;
        this.hands = hands;
        this.state = found;
        this.standing = standing;
    }

    /** Known to be committed, as far as this member was told. From any thread. */
    long commit() {
        return state.commit();
    }

    void carry(Ready ready) {
        hands.log().take(ready.install(), ready.entries());
        if (ready.hardState() != null) {
            state = ready.hardState();
        }
        if (ready.sync()) {
            hands.writer()
                    .write(
                            new LogWriter.Write(
                                    ready.write(), ready.install(), ready.entries(), state));
        }
        ready.now().forEach(hands.appends()::send);
        sendAfterWrite(ready);
        if (ready.committed() != null) {
            hands.applier().apply(ready.committed());
        }
        if (ready.standing() != null) {
            standing.accept(ready.standing());
        }
        hands.reads().answered(ready.reads());
        hands.reads().refused(ready.refusedReads());
        ready.snapshots().forEach(hands.snapshots()::send);
    }

    private void sendAfterWrite(Ready ready) {
        if (ready.write() <= written) {
            ready.afterWrite().forEach(hands.appends()::send);
        } else if (!ready.afterWrite().isEmpty()) {
            held.addLast(new Held(ready.write(), ready.afterWrite()));
        }
    }

    /** These writes are on the disk. */
    void written(List<LogWriter.Write> writes) {
        for (LogWriter.Write write : writes) {
            hands.log().written(write.entries());
            if (write.install() != null) {
                hands.applier().restore(hands.shelf(), write.install());
            }
            written = write.number();
        }
        while (!held.isEmpty() && held.getFirst().write() <= written) {
            held.removeFirst().messages().forEach(hands.appends()::send);
        }
        steps.give(new Input.Stored(written));
    }
}
