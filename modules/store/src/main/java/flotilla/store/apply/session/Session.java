package flotilla.store.apply.session;

import java.nio.ByteBuffer;

/**
 * What was seen of one origin.
 *
 * @param highest number seen
 * @param window bit i stands for the number {@code highest - 1 - i}: whether it was seen
 * @param usedAt index of the last entry with something new from it
 */
record Session(long highest, long window, long usedAt) {
    /** Numbers below the highest that are told apart. */
    static final int WINDOW = Long.SIZE;

    /** With its first batch; what is below that was never used. */
    static Session begun(long number, long index) {
        return new Session(number, 0, index);
    }

    /** Whether a number was seen, or is too old to tell: whoever sent it has long given it up. */
    boolean hasSeen(long number) {
        if (Long.compareUnsigned(number, highest) > 0) {
            return false;
        }
        long below = highest - number;
        return below == 0 || Long.compareUnsigned(below, WINDOW) > 0 || (window & bit(below)) != 0;
    }

    /** With a number that was not seen. */
    Session with(long number, long index) {
        if (Long.compareUnsigned(number, highest) < 0) {
            return new Session(highest, window | bit(highest - number), index);
        }
        long step = number - highest;
        boolean reaches = Long.compareUnsigned(step, WINDOW) <= 0;
        long kept = Long.compareUnsigned(step, WINDOW) < 0 ? window << step : 0;
        return new Session(number, reaches ? kept | bit(step) : 0, index);
    }

    private static long bit(long below) {
        return 1L << (below - 1);
    }

    byte[] encode() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(highest)
                .putLong(window)
                .putLong(usedAt)
                .array();
    }

    static Session decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Session(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
