package flotilla.sim.network;

/**
 * What the network is like.
 *
 * @param delayNanos of a message, typically
 * @param lossPermille of messages, and of the pieces of a snapshot
 * @param repeatPermille of messages that arrive twice
 * @param latePermille of messages that take a hundred times as long
 */
public record Weather(long delayNanos, int lossPermille, int repeatPermille, int latePermille) {
    /** Nothing goes wrong. */
    public Weather calm() {
        return new Weather(delayNanos, 0, 0, 0);
    }
}
