package flotilla.store.watch;

/**
 * How much is gathered for all watchers together before they are told. What finds no room is read
 * from history later.
 */
final class StepRoom {
    /** Bytes of previous values, and of places in lists, at most; one value more than that. */
    private static final long BYTES_MAX = 4 << 20;

    private long taken;

    boolean isFull() {
        return taken >= BYTES_MAX;
    }

    void take(long bytes) {
        taken += bytes;
    }
}
