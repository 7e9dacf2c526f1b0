package flotilla.platform.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Directory}. Several threads may use one at a time. A thread that is
 * interrupted in it closes it for all of them (java.nio's rule), so who uses one is never
 * interrupted.
 */
public interface StoredFile extends Closeable {
    /** In bytes. */
    long size() throws IOException;

    /**
     * Fills the buffer from a place in the file, as far as the file reaches; what the buffer still
     * has room for afterwards lies beyond its end.
     */
    void read(ByteBuffer into, long position) throws IOException;

    /**
     * Writes the whole buffer at a place in the file and makes the file longer where needed. After
     * an {@link IOException} any part of it may be written.
     */
    void write(ByteBuffer from, long position) throws IOException;

    /**
     * Makes contents and length durable (fdatasync(2)). After an {@link IOException} nobody knows
     * what is on the disk, and a second call that succeeds proves nothing: the system may have
     * dropped the pages that it could not write.
     */
    void sync() throws IOException;
}
