package flotilla.sim.network;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Append;
import flotilla.sim.world.Life;
import flotilla.store.log.Membership;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One process's end of the network. */
final class Port implements Transport {
    /** How long somebody waits for an answer that was lost, at most. */
    private static final long ASK_NANOS = 5_000_000_000L;

    /**
     * How often a checkpoint that is damaged may arrive: at each other member once, and each time
     * that it is damaged anew.
     */
    private static final int DAMAGED_MAX = 20;

    /** For a receiver may stop before it is sent what follows, or be cut off for long. */
    private static final int IN_A_ROW_MAX = 5;

    private final Network network;
    private final long self;
    private final Life life;
    private final Receiver receiver;
    private final long openedAt;
    private final Set<Long> unreachable = new HashSet<>();
    private final Set<Runnable> resets = new LinkedHashSet<>();
    private final Map<SnapshotMark, Integer> damaged = new HashMap<>();

    /** Checkpoints that arrived one after the other, without an entry of the log after any. */
    private final Map<Port, Integer> inARow = new HashMap<>();

    private boolean closed;

    Port(Network network, long self, Life life, Receiver receiver) {
        this.network = network;
        this.self = self;
        this.life = life;
        this.receiver = receiver;
        this.openedAt = network.world().now();
    }

    long openedAt() {
        return openedAt;
    }

    long member() {
        return self;
    }

    Life life() {
        return life;
    }

    Network network() {
        return network;
    }

    Receiver receiver() {
        return receiver;
    }

    boolean isClosed() {
        return closed || life.ended();
    }

    /** A checkpoint that this process sent was damaged: it must see to it. */
    void arrivedDamaged(SnapshotMark mark) {
        if (damaged.merge(mark, 1, Integer::sum) > DAMAGED_MAX) {
            throw network.world()
                    .broken("a damaged checkpoint is replaced", "%d sends %s", self, mark);
        }
    }

    /** A checkpoint that this process sent is on a receiver's disk: now the log must do. */
    void arrived(Port at) {
        if (inARow.merge(at, 1, Integer::sum) > IN_A_ROW_MAX) {
            throw network.world()
                    .broken("a checkpoint is followed by the log", "%d to %d", self, at.self);
        }
    }

    /** Lets somebody know when this end is gone. */
    void onBreak(Runnable told) {
        resets.add(told);
    }

    void forget(Runnable told) {
        resets.remove(told);
    }

    @Override
    public void send(Message message) {
        if (isClosed()) {
            return;
        }
        network.sent(message);
        Port to = network.port(message.to());
        if (to == null || network.isCut(self, message.to())) {
            tellUnreachable(message.to());
            return;
        }
        if (message instanceof Append append && !append.entries().isEmpty()) {
            inARow.remove(to);
        }
        if (!network.loses()) {
            unreachable.remove(message.to());
            to.deliver(message, network.delay());
            if (network.world().chance(network.weather().repeatPermille())) {
                to.deliver(message, network.delay() * 3);
            }
        }
    }

    private void tellUnreachable(long member) {
        if (unreachable.add(member)) {
            life.after(
                    network.delay(),
                    "unreachable",
                    () -> {
                        if (!closed) {
                            receiver.unreachable(member);
                        }
                    });
        }
    }

    private void deliver(Message message, long delay) {
        life.after(
                delay,
                message.getClass().getSimpleName(),
                () -> {
                    // What was under way when the link was cut is lost too.
                    if (!closed
                            && !network.isCut(message.from(), self)
                            && !receiver.removed(message.from())) {
                        network.received(message);
                        receiver.received(message);
                    }
                });
    }

    @Override
    public CompletableFuture<PeerReply> ask(long member, PeerRequest request) {
        CompletableFuture<PeerReply> answer = new CompletableFuture<>();
        Port to = network.port(member);
        if (to == null || network.isCut(self, member)) {
            Unsent unsent = new Unsent("member %x can't be reached".formatted(member));
            life.after(network.delay(), "unsent", () -> answer.completeExceptionally(unsent));
            return answer;
        }
        Runnable lost = () -> noAnswer(answer, member);
        if (network.loses()) {
            lost.run();
            return answer;
        }
        to.onBreak(lost);
        to.life.after(
                network.delay(),
                request.getRequestCase().name(),
                () -> {
                    if (!to.isClosed() && !network.isCut(self, member)) {
                        var _ =
                                to.receiver
                                        .asked(self, request)
                                        .whenComplete((reply, failure) ->
                                                to.reply(
                                                        this,
                                                        answer,
                                                        lost,
                                                        failure == null ? reply : null));
                    } else if (to.resets.remove(lost)) {
                        lost.run();
                    }
                });
        return answer;
    }

    private void reply(
            Port asker,
            CompletableFuture<PeerReply> answer,
            Runnable lost,
            @Nullable PeerReply reply) {
        if (!resets.remove(lost)) {
            return;
        }
        if (reply == null || network.isCut(self, asker.self) || network.loses()) {
            lost.run();
        } else {
            asker.life.after(network.delay(), "reply", () -> answer.complete(reply));
        }
    }

    /** Known at once where a connection breaks, or when somebody's patience ends. */
    private void noAnswer(CompletableFuture<PeerReply> answer, long member) {
        IOException failure = new IOException("no answer from member %x".formatted(member));
        life.after(
                network.world().random().nextLong(ASK_NANOS),
                "no answer",
                () -> answer.completeExceptionally(failure));
    }

    @Override
    public CompletableFuture<Void> send(long member, long term, SnapshotShelf.Stored snapshot) {
        Shipment shipment = new Shipment(this, member, term, snapshot);
        shipment.begin();
        return shipment.done();
    }

    @Override
    public void members(Collection<Membership.Peer> members) {
        // Whoever has the address may talk; who belongs to the group is the core's affair.
    }

    @Override
    public OptionalLong reachedSince(long member) {
        long since = network.reachedSince(self, member);
        long reached = Math.max(since, openedAt);
        long ago = (long) ((network.world().now() - reached) * life.machine().clockRate());
        return since < 0 ? OptionalLong.empty() : OptionalLong.of(life.clock().nanos() - ago);
    }

    @Override
    public void close() {
        closed = true;
        Set<Runnable> broken = new LinkedHashSet<>(resets);
        resets.clear();
        broken.forEach(Runnable::run);
    }
}
