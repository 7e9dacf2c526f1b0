package flotilla.store.log.peer;

import flotilla.raft.message.Message;
import flotilla.store.log.Membership;
import flotilla.store.log.PeerTraffic;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.Transport;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way to the other members over TCP. Everything happens on one event loop, which is given: what
 * a member says reaches the {@link flotilla.store.log.Transport.Receiver} on it without a hand-off,
 * and what is sent there goes out at the end of the loop's turn, without a wake-up. Methods may be
 * called on any thread.
 *
 * <p>A message's way out: {@link Link}, one for each member, keeps it in its {@link Lanes} until
 * the connection takes it, frame by frame ({@link Outgoing}). Its way in: {@link ParcelReader}
 * checks and joins the frames, {@link Incoming} knows whose connection it is, and {@link Desk}
 * hands it to whom it is for.
 */
public final class PeerTransport implements Transport {
    /**
     * How often it is looked whether something waits for too long, of {@link PeerTimes}' seconds.
     */
    private static final long LOOK_MILLIS = 1_000;

    private final Outside outside;
    private final Errands disk;
    private final Desk desk;
    private final Door door;
    private final Future<?> looks;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PeerTransport(PeerConfig config, Receiver receiver) throws IOException {
        this.outside = Outside.of(config, receiver::level);
        this.disk = new Errands(config.disk());
        this.desk = new Desk(outside, receiver, disk);
        this.door = Door.open(outside, desk);
        this.looks =
                config.loop()
                        .scheduleWithFixedDelay(
                                desk::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        members(config.membership().members());
    }

    /**
     * Listens for the other members and begins to dial them. Not on the loop itself: it waits for
     * it.
     *
     * @throws IOException naming the address that can't be listened on
     */
    public static PeerTransport open(PeerConfig config, Receiver receiver) throws IOException {
        return new PeerTransport(config, receiver);
    }

    /** Where it listens, with the port that it really has. */
    public InetSocketAddress address() {
        return door.address();
    }

    @Override
    public List<PeerTraffic> traffic() {
        return desk.traffic();
    }

    /** Connections that others have opened, strangers among them. */
    public int connections() {
        return door.connections();
    }

    /**
     * {@inheritDoc}
     *
     * @throws flotilla.raft.log.BrokenInvariant for an append without its entries
     * @throws IllegalArgumentException for what never travels, or is larger than any command
     */
    @Override
    public void send(Message message) {
        Outgoing parcel = Messages.write(message);
        outside.onLoop(() -> desk.send(message.to(), parcel));
    }

    @Override
    public CompletableFuture<PeerReply> ask(long member, PeerRequest request) {
        CompletableFuture<PeerReply> answer = new CompletableFuture<>();
        outside.onLoop(() -> desk.ask(member, request, answer));
        return answer;
    }

    @Override
    public CompletableFuture<Void> send(long member, long term, SnapshotShelf.Stored snapshot) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        outside.onLoop(() -> desk.sendSnapshot(member, term, snapshot, result));
        return result;
    }

    @Override
    public void members(Collection<Membership.Peer> members) {
        List<Membership.Peer> now = List.copyOf(members);
        outside.onLoop(() -> desk.settle(now));
    }

    @Override
    public OptionalLong reachedSince(long member) {
        return desk.reachedSince(member);
    }

    /** Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        looks.cancel(false);
        door.close();
        onLoopAndWait(desk::close);
        disk.await();
        // What came back from the disk meanwhile may have sent something there once more, to close.
        onLoopAndWait(() -> {});
        disk.await();
    }

    private void onLoopAndWait(Runnable task) {
        if (outside.config().loop().inEventLoop()) {
            task.run();
        } else {
            outside.config().loop().submit(task).syncUninterruptibly();
        }
    }
}
