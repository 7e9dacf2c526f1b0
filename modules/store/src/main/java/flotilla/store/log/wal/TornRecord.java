package flotilla.store.log.wal;

import org.jspecify.annotations.Nullable;

/**
 * Whether a record that isn't whole is one that a power cut tore. A disk writes a sector whole or
 * not at all, and where no record was written yet a file has zeros: so the part of the record that
 * lies in some sector is all zero, or the file ends before it. Anything else is damage. Its head,
 * if it is there, must agree with its frame: a bit that turned in a length is no tear.
 */
final class TornRecord {
    /** The smallest unit that disks write, in bytes. */
    static final int SECTOR_BYTES = 512;

    private TornRecord() {}

    /**
     * @param bytes holds what there is of the record
     * @param from where it begins in {@code bytes}
     * @param present how much of it is there; less than its length if the file ends in it
     * @param found its frame and where in the file it begins
     */
    static boolean isLike(byte[] bytes, int from, int present, Found found) {
        boolean lost = present < found.frame().length();
        boolean headLost = present < Math.min(RecordHead.BYTES_MAX, found.frame().length());
        for (int at = 0; at < present; ) {
            int end =
                    Math.min(
                            present,
                            at + SECTOR_BYTES - (int) ((found.offset() + at) % SECTOR_BYTES));
            if (allZero(bytes, from + at, from + end)) {
                lost = true;
                headLost |= at < RecordHead.BYTES_MAX;
            }
            at = end;
        }
        return lost && (headLost || agrees(RecordHead.parse(bytes, from, present), found.frame()));
    }

    /** A frame, and where in the file the record behind it begins. */
    record Found(Frame frame, long offset) {}

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
