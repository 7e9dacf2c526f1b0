package flotilla.store.log.peer;

import flotilla.platform.Clock;
import flotilla.raft.message.Message;
import flotilla.store.log.Membership;
import flotilla.store.log.PeerTraffic;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Member 1 sends snapshots to member 2, one step at a time: a task of a disk, or a parcel that
 * arrives. Time stands still unless it is let pass.
 */
final class SteppedSnapshots {
    static final int WINDOW_BYTES = 2 * Manifest.CHUNK_BYTES;

    private final EmbeddedChannel loops = new EmbeddedChannel();
    private final Deque<Parcel> forth = new ArrayDeque<>();

    /** On a lane of their own: an offer may overtake them. */
    private final Deque<Parcel> chunks = new ArrayDeque<>();

    private final Deque<Parcel> back = new ArrayDeque<>();
    private final Deque<Runnable> senderDisk = new ArrayDeque<>();
    private final Deque<Runnable> receiverDisk = new ArrayDeque<>();
    private final List<Message> received = new ArrayList<>();
    private final Traffic sent = new Traffic(2);
    private final Traffic taken = new Traffic(1);
    private final Snapshots sender = snapshots(1, new Inbox(), senderDisk::add, forth);
    private Snapshots receiver;
    private MemoryArriving arriving = new MemoryArriving();
    private Consumer<byte[]> altering = _ -> {};
    private int installed;
    private long nanos;

    SteppedSnapshots() {
        receiver = newReceiver();
    }

    private Snapshots newReceiver() {
        Inbox inbox = new Inbox();
        inbox.onMessage(message -> {
            received.add(message);
            installed++;
        });
        inbox.shelf(_ -> {
            arriving = new MemoryArriving();
            return arriving;
        });
        return snapshots(2, inbox, receiverDisk::add, back);
    }

    private Snapshots snapshots(long id, Inbox inbox, Executor disk, Deque<Parcel> out) {
        Membership who = new Membership(TestMember.CLUSTER, id, TestMember.peers(1, 2));
        Traffic traffic = id == 1 ? sent : taken;
        Clock clock =
                new Clock() {
                    @Override
                    public long nanos() {
                        return nanos;
                    }

                    @Override
                    public Instant now() {
                        return Instant.EPOCH;
                    }
                };
        PeerConfig config =
                new PeerConfig(
                        who,
                        0,
                        new InetSocketAddress(0),
                        loops.eventLoop(),
                        disk,
                        clock,
                        PeerTimes.DEFAULT,
                        new PeerLimits(1 << 20, WINDOW_BYTES, 1, 1),
                        null);
        Snapshots.Roads roads =
                new Snapshots.Roads() {
                    @Override
                    public void send(long member, Parcel parcel) {
                        Kind kind = Parcels.write(parcel).kind();
                        (kind.lane() == Kind.Lane.SNAPSHOT ? chunks : out).add(parcel);
                    }

                    @Override
                    public boolean isOpen(long member) {
                        return true;
                    }

                    @Override
                    public Traffic traffic(long member) {
                        return traffic;
                    }
                };
        return new Snapshots(Outside.of(config, () -> 0), inbox, roads, disk);
    }

    Snapshots sender() {
        return sender;
    }

    Snapshots receiver() {
        return receiver;
    }

    /** As the sender counts it. */
    PeerTraffic.Snapshots sent() {
        return sent.now(true).snapshotsSent();
    }

    /** As its receivers count it. */
    PeerTraffic.Snapshots taken() {
        return taken.now(true).snapshotsReceived();
    }

    List<Message> received() {
        return received;
    }

    int installedSinceRestart() {
        return installed;
    }

    /** The newest. */
    MemoryArriving arriving() {
        return arriving;
    }

    void alterChunks(Consumer<byte[]> how) {
        altering = how;
    }

    void loseForth() {
        forth.clear();
        chunks.clear();
    }

    void loseBack() {
        back.clear();
    }

    /** What was under way is gone, and with it what it had on its disk. */
    void restartReceiver() {
        receiver.close();
        runDisk(receiverDisk);
        loseForth();
        back.clear();
        installed = 0;
        receiver = newReceiver();
    }

    boolean receiverWaitsForDisk() {
        return !receiverDisk.isEmpty();
    }

    void passSeconds(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
        receiver.look();
        sender.look();
    }

    /** One of those that are possible. */
    void step(Random chance) {
        switch (chance.nextInt(5)) {
            case 0 -> runOne(senderDisk);
            case 1 -> runOne(receiverDisk);
            case 2 -> deliver(forth);
            case 3 -> deliver(chunks);
            default -> deliverBack();
        }
        loops.runPendingTasks();
    }

    private static void runOne(Deque<Runnable> disk) {
        if (!disk.isEmpty()) {
            disk.removeFirst().run();
        }
    }

    private void runDisk(Deque<Runnable> disk) {
        while (!disk.isEmpty()) {
            runOne(disk);
            loops.runPendingTasks();
        }
    }

    private void deliver(Deque<Parcel> lane) {
        if (!lane.isEmpty()) {
            Parcel parcel = lane.removeFirst();
            if (parcel instanceof Parcel.Chunk chunk) {
                byte[] copy = chunk.data().clone();
                altering.accept(copy);
                parcel = new Parcel.Chunk(chunk.sending(), chunk.beginning(), chunk.at(), copy);
            }
            receiver.received(1, parcel);
        }
    }

    private void deliverBack() {
        if (!back.isEmpty()) {
            sender.received(2, back.removeFirst());
        }
    }

    void runAllButTheReceiversDisk() {
        while (!senderDisk.isEmpty() || !forth.isEmpty() || !chunks.isEmpty() || !back.isEmpty()) {
            runOne(senderDisk);
            deliver(forth);
            deliver(chunks);
            deliverBack();
            loops.runPendingTasks();
        }
    }

    void runAll() {
        do {
            runDisk(receiverDisk);
            runAllButTheReceiversDisk();
        } while (!receiverDisk.isEmpty());
    }

    void runUntil(BooleanSupplier condition) {
        Random chance = new Random(1);
        for (int i = 0; i < 10_000 && !condition.getAsBoolean(); i++) {
            step(chance);
        }
        if (!condition.getAsBoolean()) {
            throw new AssertionError("it does not come to that");
        }
    }
}
