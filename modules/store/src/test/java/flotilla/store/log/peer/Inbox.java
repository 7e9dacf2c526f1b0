package flotilla.store.log.peer;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.Transport.Receiver;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Keeps what comes in. */
final class Inbox implements Receiver {
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final List<Long> unreachable = new CopyOnWriteArrayList<>();
    private final List<Long> removed = new CopyOnWriteArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile Consumer<Message> onMessage = messages::add;
    private volatile Function<PeerRequest, CompletableFuture<PeerReply>> answers =
            _ -> CompletableFuture.completedFuture(PeerReply.getDefaultInstance());
    private volatile Function<SnapshotMark, Arriving> shelf =
            _ -> {
                throw new IllegalStateException("no snapshot is wanted");
            };

    List<Message> messages() {
        return messages;
    }

    List<Long> unreachable() {
        return unreachable;
    }

    /** Of any kind. */
    int calls() {
        return calls.get();
    }

    void onMessage(Consumer<Message> then) {
        onMessage = then;
    }

    void answerWith(Function<PeerRequest, CompletableFuture<PeerReply>> answering) {
        answers = answering;
    }

    void shelf(Function<SnapshotMark, Arriving> receiving) {
        shelf = receiving;
    }

    @Override
    public void received(Message message) {
        calls.incrementAndGet();
        onMessage.accept(message);
    }

    @Override
    public void unreachable(long member) {
        calls.incrementAndGet();
        unreachable.add(member);
    }

    @Override
    public CompletableFuture<PeerReply> asked(long from, PeerRequest request) {
        calls.incrementAndGet();
        return answers.apply(request);
    }

    void remove(long member) {
        removed.add(member);
    }

    @Override
    public boolean removed(long member) {
        return removed.contains(member);
    }

    @Override
    public Arriving arriving(long from, SnapshotMark mark) throws IOException {
        calls.incrementAndGet();
        return shelf.apply(mark);
    }
}
