package flotilla.store.log.peer;

import flotilla.store.log.PeerTraffic;
import flotilla.store.log.Timings;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what goes between this member and another, across connections. Counted on the loop, to be
 * read on any thread.
 */
final class Traffic {
    private final long member;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong unread = new AtomicLong();
    private final AtomicLong breaks = new AtomicLong();
    private final Timings roundTrips = Timings.ofRoundTrips();
    private final Shipments snapshotsSent = new Shipments();
    private final Shipments snapshotsReceived = new Shipments();

    Traffic(long member) {
        this.member = member;
    }

    /** The other one. */
    long member() {
        return member;
    }

    /**
     * @param reached whether the other one is
     */
    PeerTraffic now(boolean reached) {
        return new PeerTraffic(
                member,
                reached,
                breaks.get(),
                sentBytes.get(),
                receivedBytes.get(),
                dropped.get(),
                unread.get(),
                roundTrips.durations(),
                snapshotsSent.now(),
                snapshotsReceived.now());
    }

    void sent(long bytes) {
        sentBytes.lazySet(sentBytes.getPlain() + bytes);
    }

    void received(long bytes) {
        receivedBytes.lazySet(receivedBytes.getPlain() + bytes);
    }

    void roundTrip(long nanos) {
        roundTrips.add(nanos);
    }

    /** Parcels that waited are given up. */
    void dropped(int parcels) {
        dropped.lazySet(dropped.getPlain() + parcels);
    }

    /** What the other one said could not be read or taken. */
    void unread() {
        unread.lazySet(unread.getPlain() + 1);
    }

    /** The other one is reached no longer. */
    void broken() {
        breaks.lazySet(breaks.getPlain() + 1);
    }

    Shipments snapshotsSent() {
        return snapshotsSent;
    }

    Shipments snapshotsReceived() {
        return snapshotsReceived;
    }
}
