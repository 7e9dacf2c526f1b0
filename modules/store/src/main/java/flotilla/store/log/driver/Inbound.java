package flotilla.store.log.driver;

import flotilla.raft.Input;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongPredicate;

/** What comes in from other members, handed to the core's loop. */
final class Inbound implements Transport.Receiver {
    private final Loop loop;
    private final SnapshotShelf shelf;
    private final LongPredicate removed;
    private final CompletableFuture<Receivers> receivers = new CompletableFuture<>();

    /** Whom it is for. */
    record Receivers(Steps steps, PeerDesk desk) {}

    /**
     * @param removed whether a member was removed, as far as this one knows
     */
    Inbound(Loop loop, SnapshotShelf shelf, LongPredicate removed) {
        this.loop = loop;
        this.shelf = shelf;
        this.removed = removed;
    }

    /** From now on something is done about it; messages that came before are lost. */
    void open(Receivers those) {
        receivers.complete(those);
    }

    @Override
    public void received(Message message) {
        give(new Input.Received(message));
    }

    @Override
    public void unreachable(long member) {
        give(new Input.Unreachable(member));
    }

    private void give(Input input) {
        if (receivers.isDone()) {
            loop.execute(() -> receivers.resultNow().steps().give(input));
        }
    }

    @Override
    public CompletableFuture<PeerReply> asked(long from, PeerRequest request) {
        return receivers.thenCompose(those -> those.desk().answer(request));
    }

    @Override
    public boolean removed(long member) {
        return removed.test(member);
    }

    @Override
    public Arriving arriving(long from, SnapshotMark mark) throws IOException {
        return shelf.receive(mark);
    }
}
