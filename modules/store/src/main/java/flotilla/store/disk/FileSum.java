package flotilla.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * What tells a file's contents from others.
 *
 * @param crc32c of all its bytes
 */
record FileSum(long bytes, int crc32c) {
    /** How much of a file is read at once, bytes. */
    private static final int STRETCH_BYTES = 1 << 18;

    /** Reads all of a file. */
    static FileSum of(Path file) throws IOException {
        Running running = new Running();
        ByteBuffer stretch = ByteBuffer.allocateDirect(STRETCH_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(stretch) >= 0) {
                running.add(stretch.flip());
                stretch.clear();
            }
        }
        return running.sum();
    }

    /** Of bytes that come one stretch after the other. */
    static final class Running {
        private final CRC32C crc = new CRC32C();
        private long bytes;

        /** Takes what remains in the buffer, and leaves its position where it was. */
        void add(ByteBuffer stretch) {
            bytes += stretch.remaining();
            crc.update(stretch.duplicate());
        }

        long bytes() {
            return bytes;
        }

        FileSum sum() {
            return new FileSum(bytes, (int) crc.getValue());
        }
    }
}
