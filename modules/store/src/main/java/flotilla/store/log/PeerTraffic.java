package flotilla.store.log;

/**
 * What went between this member and another, since they knew of each other.
 *
 * @param member the other one
 * @param reached whether it is reached just now
 * @param breaks times that it was reached no longer
 * @param sentFailures parcels that waited and were given up: too many waited, or the connection
 *     broke
 * @param receivedFailures times that what it said could not be read or taken
 * @param roundTrips of pings
 */
public record PeerTraffic(
        long member,
        boolean reached,
        long breaks,
        long sentBytes,
        long receivedBytes,
        long sentFailures,
        long receivedFailures,
        Durations roundTrips,
        Snapshots snapshotsSent,
        Snapshots snapshotsReceived) {
    /**
     * Snapshots that went one way.
     *
     * @param times of those that arrived whole
     */
    public record Snapshots(long failed, long underWay, Durations times) {}
}
