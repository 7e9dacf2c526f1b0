package flotilla.store.log;

import flotilla.raft.log.SnapshotMark;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Port: the checkpoints of the state machine. Each is there whole or not at all, also after a power
 * cut, and can be told to be damaged by its own bytes. All methods block on the disk.
 */
public interface SnapshotShelf {
    /** What is there, the oldest first. */
    List<SnapshotMark> marks() throws IOException;

    /**
     * Takes a checkpoint of the state as it is at some moment of the call, while entries are
     * applied.
     *
     * @return what it holds
     */
    SnapshotMark take() throws IOException;

    /**
     * Replaces the state by that of a checkpoint; on the thread that applies.
     *
     * @throws flotilla.platform.disk.DamagedFile when it is damaged: then the state is as it was
     */
    void restore(SnapshotMark mark) throws IOException;

    /** Opens a checkpoint to be sent; it stays until it is closed, also when {@link #drop}ped. */
    Stored open(SnapshotMark mark) throws IOException;

    /**
     * Begins to take in a checkpoint of another member; one at a time: an earlier one is given up.
     */
    Arriving receive(SnapshotMark mark) throws IOException;

    /**
     * Reads a checkpoint from end to end, and forgets it if it isn't what it was: then the state is
     * looked at too, for both may be in the same files.
     *
     * @return whether it was damaged
     */
    boolean dropIfDamaged(SnapshotMark mark) throws IOException;

    /** Forgets a checkpoint, if it is there. */
    void drop(SnapshotMark mark) throws IOException;

    /**
     * A part of a checkpoint.
     *
     * @param name without a path; unique in its checkpoint
     */
    record Part(String name, long bytes) {}

    /** A checkpoint that is read. For one thread at a time. */
    interface Stored extends Closeable {
        SnapshotMark mark();

        List<Part> parts();

        /** Reads on from an offset until the buffer is full, or the part ends. */
        void read(Part part, long offset, ByteBuffer into) throws IOException;
    }

    /** A checkpoint on its way in. For one thread at a time. Closing it unfinished gives it up. */
    interface Arriving extends Closeable {
        /** The next bytes of a part; parts one after the other, each from its beginning. */
        void write(String part, ByteBuffer bytes) throws IOException;

        /**
         * All is there: makes it durable and puts it on the shelf.
         *
         * @throws flotilla.platform.disk.DamagedFile when its bytes are not what was sent
         */
        void finish() throws IOException;
    }
}
