package flotilla.store.log.wal;

import org.jspecify.annotations.Nullable;

/**
 * Whether a record that isn't whole is one that a power cut tore. A disk writes a sector whole or
 * not at all, and where no record was written yet a file has zeros: so the part of the record that
 * lies in some sector is all zero, with all that follows in that sector, or the file ends before
 * it. Anything else is damage. Its head, if it is there, must agree with its frame: a bit that
 * turned in a length is no tear.
 */
final class TornRecord {
    /** The smallest unit that disks write, in bytes. */
    static final int SECTOR_BYTES = 512;

    private TornRecord() {}

    /**
     * @param bytes holds what there is of the record and of the sector it ends in
     * @param from where it begins in {@code bytes}
     * @param present bytes from there on; fewer than its length if the file ends in it
     * @param found its frame and where in the file it begins
     */
    static boolean isLike(byte[] bytes, int from, int present, Found found) {
        boolean lost = present < found.frame().length();
        boolean headLost = present < Math.min(RecordHead.BYTES_MAX, found.frame().length());
        for (int at = 0; at < Math.min(present, found.frame().length()); ) {
            int end = (int) Math.min(present, found.sectorEnd(at));
            if (allZero(bytes, from + at, from + end)) {
                lost = true;
                headLost |= at < RecordHead.BYTES_MAX;
            }
            at = end;
        }
        int length = (int) Math.min(present, found.frame().length());
        return lost && (headLost || agrees(RecordHead.parse(bytes, from, length), found.frame()));
    }

    /** A frame, and where in the file the record behind it begins. */
    record Found(Frame frame, long offset) {
        /** End of the sector that one of its bytes lies in, counted from its beginning. */
        long sectorEnd(long at) {
            return at + SECTOR_BYTES - (offset + at) % SECTOR_BYTES;
        }

        /** From its beginning to the end of the sector that it ends in. */
        long sectorsBytes() {
            return sectorEnd(frame.length() - 1);
        }
    }

    private static boolean agrees(@Nullable RecordHead head, Frame frame) {
        return head != null && head.length() == frame.length();
    }

    private static boolean allZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
