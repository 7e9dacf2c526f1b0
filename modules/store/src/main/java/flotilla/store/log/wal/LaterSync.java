package flotilla.store.log.wal;

import flotilla.platform.disk.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whether there is proof that what a file holds at some place was synced once. Each batch that
 * follows a sync begins with a record of type {@link RecordType#CRC}; if one stands further on in
 * the file, the disk had all before it, and what is missing there was damaged and not torn. etcd,
 * which writes no such records within a file, can't tell the two apart and cuts (the problem is
 * that of "Protocol-Aware Recovery for Consensus-Based Storage", FAST 2018).
 */
final class LaterSync {
    /** Searched at a time, in bytes; a whole number of frames. */
    private static final int BLOCK_BYTES = 256 << 10;

    /**
     * Lengths of a record without data: two tags, the type, and a checksum of one to five bytes.
     */
    private static final int LENGTH_MIN = 4;

    private static final int LENGTH_MAX = 8;

    private LaterSync() {}

    /** What looks like proof must be followed by a record that agrees with it. */
    static boolean isProvedAfter(StoredFile file, long offset) throws IOException {
        ByteBuffer block =
                ByteBuffer.allocate(Math.clamp(file.size() - offset, 0, BLOCK_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (long at = offset; at < file.size(); at += BLOCK_BYTES) {
            file.read(block.clear(), at);
            block.flip();
            for (int i = 0; i + Frame.BYTES <= block.limit(); i += Frame.BYTES) {
                if (isFrameOfCrc(block.getLong(i)) && isFollowedFrom(file, at + i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isFrameOfCrc(long word) {
        Frame frame = word == 0 ? null : Frame.of(word);
        return frame != null && frame.length() >= LENGTH_MIN && frame.length() <= LENGTH_MAX;
    }

    private static boolean isFollowedFrom(StoredFile file, long offset) throws IOException {
        RecordReader reader = RecordReader.believing(file, offset);
        return reader.next() instanceof Reading.Whole first
                && first.type() == RecordType.CRC
                && reader.next() instanceof Reading.Whole;
    }
}
