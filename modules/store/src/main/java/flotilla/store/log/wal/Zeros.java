package flotilla.store.log.wal;

import flotilla.platform.disk.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The zeros that a log file has where nothing was written yet. */
final class Zeros {
    /** Written or read at a time, in bytes. */
    private static final int BLOCK_BYTES = 256 << 10;

    private Zeros() {}

    /** Fills a part of the file; it gets longer where needed. */
    static void write(StoredFile file, long from, long to) throws IOException {
        ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, to - from));
        for (long at = from; at < to; at += block.limit()) {
            block.clear().limit((int) Math.min(block.capacity(), to - at));
            file.write(block, at);
        }
    }

    /** End of the last byte of a part that isn't zero; the part's beginning if all are. */
    static long endOfOthers(StoredFile file, long from, long to) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(Math.clamp(to - from, 0, BLOCK_BYTES));
        long end = from;
        for (long at = from; at < Math.min(to, file.size()); at += block.limit()) {
            block.clear().limit((int) Math.min(block.capacity(), to - at));
            file.read(block, at);
            block.flip();
            for (int i = block.limit(); i > 0; i--) {
                if (block.get(i - 1) != 0) {
                    end = at + i;
                    break;
                }
            }
        }
        return end;
    }
}
