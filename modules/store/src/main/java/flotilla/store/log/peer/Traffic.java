package flotilla.store.log.peer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What went between this member and another: etcd's {@code etcd_network_peer_sent_bytes_total},
 * {@code ..._received_bytes_total} and {@code ..._round_trip_time_seconds}. To be read on any
 * thread; counted on the loop, across connections.
 */
public final class Traffic {
    private final long member;
    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong receivedBytes = new AtomicLong();
    private final AtomicLong roundTrips = new AtomicLong();
    private final AtomicLong lastRoundTripNanos = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    Traffic(long member) {
        this.member = member;
    }

    /** The other one. */
    public long member() {
        return member;
    }

    public long sentBytes() {
        return sentBytes.get();
    }

    public long receivedBytes() {
        return receivedBytes.get();
    }

    /** Round trips measured so far. */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** 0 before the first. */
    public long lastRoundTripNanos() {
        return lastRoundTripNanos.get();
    }

    /** Parcels that waited and were given up, for too many waited or the connection broke. */
    public long dropped() {
        return dropped.get();
    }

    void sent(long bytes) {
        sentBytes.lazySet(sentBytes.getPlain() + bytes);
    }

    void received(long bytes) {
        receivedBytes.lazySet(receivedBytes.getPlain() + bytes);
    }

    void roundTrip(long nanos) {
        lastRoundTripNanos.lazySet(nanos);
        roundTrips.lazySet(roundTrips.getPlain() + 1);
    }

    void dropped(int parcels) {
        dropped.lazySet(dropped.getPlain() + parcels);
    }
}
