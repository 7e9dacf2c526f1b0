package flotilla.store.log.driver;

import flotilla.raft.Input;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.StateMachine;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/** What comes in from other members, handed to the core's loop. */
final class Inbound implements Transport.Receiver {
    private final Loop loop;
    private final SnapshotShelf shelf;
    private final StateMachine machine;
    private final HashDesk hashes;
    private final CompletableFuture<Receivers> receivers = new CompletableFuture<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();

    /** Whom it is for. */
    record Receivers(Steps steps, PeerDesk desk) {}

    /**
     * @param machine tells who is known, and who was removed
     */
    Inbound(Workers workers, SnapshotShelf shelf, StateMachine machine) {
        this.loop = workers.core();
        this.shelf = shelf;
        this.machine = machine;
        this.hashes = new HashDesk(machine, workers.readers());
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

    @Override
    public void removedBy(long member) {
        removed.complete(null);
    }

    /** Completes when another member says that this one was removed. */
    CompletableFuture<Void> removed() {
        return removed;
    }

    private void give(Input input) {
        if (receivers.isDone()) {
            loop.execute(() -> receivers.resultNow().steps().give(input));
        }
    }

    @Override
    public CompletableFuture<PeerReply> asked(long from, PeerRequest request) {
        return switch (request.getRequestCase()) {
            // At once: two that begin together would wait for each other.
            case KNOWN_MEMBER -> CompletableFuture.completedFuture(known(request.getKnownMember()));
            case HASH -> hashes.answer(request.getHash());
            case PROPOSAL, QUESTION, MEMBER_WISH, REQUEST_NOT_SET ->
                    receivers.thenCompose(those -> those.desk().answer(request, machine.level()));
        };
    }

    /** The leader knows of one that has yet to tell of itself too, if it got entries from it. */
    private PeerReply known(long member) {
        boolean follows =
                receivers.isDone()
                        && receivers.resultNow().steps().status().peers().stream()
                                .anyMatch(peer -> peer.id() == member && peer.match() > 0);
        return PeerReply.newBuilder().setKnown(follows || machine.knows(member)).build();
    }

    @Override
    public boolean removed(long member) {
        return machine.removed(member);
    }

    @Override
    public Collection<Membership.Peer> members() {
        return machine.members();
    }

    @Override
    public int level() {
        return machine.level();
    }

    @Override
    public Arriving arriving(long from, SnapshotMark mark) throws IOException {
        return shelf.receive(mark);
    }
}
