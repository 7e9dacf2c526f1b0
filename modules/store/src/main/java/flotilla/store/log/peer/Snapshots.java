package flotilla.store.log.peer;

import flotilla.raft.message.Message;
import flotilla.store.log.SnapshotShelf.Stored;
import flotilla.store.log.Transport.Receiver;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** The snapshots under way: one to each member at most, and one from each. On the loop. */
final class Snapshots {
    private final Outside outside;
    private final Receiver receiver;
    private final Executor disk;
    private final Roads roads;
    private final Map<Long, SnapshotSending> sendings = new HashMap<>();
    private final Map<Long, SnapshotArrival> arrivals = new HashMap<>();
    private long nextNumber;
    private boolean closed;

    /** How parcels get to a member. */
    interface Roads {
        void send(long member, Parcel parcel);

        /** Whether it is reached. */
        boolean isOpen(long member);

        /** Where what goes between the two is counted. */
        Traffic traffic(long member);
    }

    /**
     * @param disk runs what may block
     */
    Snapshots(Outside outside, Receiver receiver, Roads roads, Executor disk) {
        this.outside = outside;
        this.receiver = receiver;
        this.disk = disk;
        this.roads = roads;
        // By chance: a sending of an earlier life must not be taken for a new one.
        this.nextNumber = ThreadLocalRandom.current().nextLong();
    }

    CompletableFuture<Void> send(long member, long term, Stored stored) {
        PeerConfig config = outside.config();
        Consumer<Parcel> road = parcel -> roads.send(member, parcel);
        SnapshotSending sending =
                new SnapshotSending(
                        nextNumber++,
                        term,
                        stored,
                        new SnapshotSending.Tools(
                                config.loop(),
                                disk,
                                config.clock(),
                                road,
                                config.limits().windowBytes(),
                                config.times().snapshot()));
        roads.traffic(member).snapshotsSent().begun(sending.result(), config.clock());
        SnapshotSending before = sendings.put(member, sending);
        if (before != null) {
            before.abandon(new IOException("a newer snapshot is sent to the same member"));
        }
        var _ = sending.result().whenComplete((_, _) -> sendings.remove(member, sending));
        if (roads.isOpen(member)) {
            sending.offer();
        }
        return sending.result();
    }

    /** A connection to or from a member is there. */
    void connected(long member) {
        SnapshotSending sending = sendings.get(member);
        if (sending != null && roads.isOpen(member)) {
            sending.offer();
        }
    }

    /** It is no member any more. */
    void gone(long member) {
        SnapshotSending sending = sendings.get(member);
        if (sending != null) {
            sending.abandon(new IOException("its receiver is no member any more"));
        }
        SnapshotArrival arrival = arrivals.remove(member);
        if (arrival != null) {
            arrival.giveUp();
        }
    }

    /** What a receiver says of a snapshot that is sent to it, and what a sender sends. */
    void received(long member, Parcel parcel) {
        switch (parcel) {
            case Parcel.Offer offer -> offered(member, offer);
            case Parcel.Chunk chunk -> arrival(member, chunk.sending(), it -> it.chunk(chunk));
            case Parcel.End end -> arrival(member, end.sending(), it -> it.end(end));
            case Parcel.Abandoned(long number) -> arrival(member, number, SnapshotArrival::giveUp);
            case Parcel.Wanted wanted -> sending(member, wanted.sending(), it -> it.wanted(wanted));
            case Parcel.Kept(long number, Position upTo) ->
                    sending(member, number, it -> it.kept(upTo));
            case Parcel.Done(long number) -> sending(member, number, SnapshotSending::done);
            case Parcel.Declined(long number, String reason) ->
                    sending(member, number, it -> it.declined(reason));
            default -> throw new Malformed(parcel + " has nothing to do with snapshots");
        }
    }

    private void arrival(long member, long number, Consumer<SnapshotArrival> then) {
        SnapshotArrival arrival = arrivals.get(member);
        if (arrival != null && arrival.number() == number) {
            then.accept(arrival);
        }
    }

    private void sending(long member, long number, Consumer<SnapshotSending> then) {
        SnapshotSending sending = sendings.get(member);
        if (sending != null && sending.number() == number) {
            then.accept(sending);
        }
    }

    private void offered(long member, Parcel.Offer offer) {
        SnapshotArrival before = arrivals.get(member);
        if (before != null && before.number() == offer.sending()) {
            before.offered(offer.beginning());
            return;
        }
        if (before != null) {
            before.giveUp();
        }
        PeerConfig config = outside.config();
        Message installed =
                new Message.InstallSnapshot(
                        member, outside.self(), offer.term(), offer.manifest().mark());
        SnapshotArrival arrival =
                new SnapshotArrival(
                        offer,
                        () -> receiver.arriving(member, offer.manifest().mark()),
                        new SnapshotArrival.Tools(
                                config.loop(),
                                disk,
                                config.clock(),
                                parcel -> roads.send(member, parcel),
                                config.limits().windowBytes(),
                                () -> finished(installed)));
        arrivals.put(member, arrival);
        roads.traffic(member).snapshotsReceived().begun(arrival.result(), config.clock());
    }

    private void finished(Message installed) {
        if (!closed) {
            receiver.received(installed);
        }
    }

    /** Now and then. */
    void look() {
        List.copyOf(sendings.values()).forEach(SnapshotSending::look);
        arrivals.values().forEach(SnapshotArrival::signOfLife);
        arrivals.values()
                .removeIf(arrival -> {
                    boolean forgotten = arrival.forgotten(outside.config().times().snapshot());
                    if (forgotten) {
                        arrival.giveUp();
                    }
                    return forgotten;
                });
    }

    void close() {
        closed = true;
        List.copyOf(sendings.values())
                .forEach(sending -> sending.abandon(new IOException("this member closes")));
        arrivals.values().forEach(SnapshotArrival::giveUp);
        arrivals.clear();
    }
}
