package flotilla.store.log.wal;

import org.jspecify.annotations.Nullable;

/**
 * The eight bytes before a record, little-endian: its length in the low 56 bits; if zeros follow it
 * up to a multiple of eight bytes, their number and a flag in the top byte. So a frame's length
 * never crosses a sector, and a length of zero is where nothing was written yet.
 *
 * @param length of the record, in bytes, without padding
 * @param padding zeros after it
 */
record Frame(long length, int padding) {
    static final int BYTES = 8;

    private static final int LENGTH_BITS = 56;
    private static final int PADDED = 0x80;

    static Frame around(int length) {
        return new Frame(length, -length & BYTES - 1);
    }

    /** Nothing if no frame begins with such a word. */
    static @Nullable Frame of(long word) {
        long length = word & (1L << LENGTH_BITS) - 1;
        Frame frame = new Frame(length, (int) (-length & BYTES - 1));
        return length > 0 && frame.word() == word ? frame : null;
    }

    long word() {
        return padding == 0 ? length : (long) (PADDED | padding) << LENGTH_BITS | length;
    }

    /** Of the record with its padding, in bytes. */
    long padded() {
        return length + padding;
    }
}
