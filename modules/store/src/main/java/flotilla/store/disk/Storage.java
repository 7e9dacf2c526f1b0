package flotilla.store.disk;

import flotilla.store.apply.mvcc.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A backend with a life on disk. What {@link #write} made may be lost in a crash, newest first and
 * whole writes only, until {@link #flush} or a clean {@link #close}; the log has it still.
 */
public interface Storage extends Backend, AutoCloseable {
    /** Makes everything written so far durable. Blocks on the disk. */
    void flush() throws IOException;

    /**
     * Writes everything to a directory of its own, durably, while writes go on: what it holds is
     * the state after one of them. Takes no longer for large stores where files can be linked.
     *
     * @param directory not there yet, or empty
     * @param question what to ask of the state that it holds
     * @return the answer
     */
    <T> T checkpoint(Path directory, Function<View, T> question) throws IOException;

    /**
     * Reads a checkpoint from end to end, whoever took it. Nothing comes of it.
     *
     * @param question what to ask of the state that it holds
     * @return the answer
     * @throws flotilla.platform.disk.DamagedFile when the checkpoint is damaged
     */
    <T> T examine(Path directory, Function<View, T> question) throws IOException;

    /**
     * Holds what a checkpoint holds, which was {@link #examine}d, and nothing else. A crash leaves
     * either the old state or the new one. Waits for open views to close; the checkpoint stays as
     * it is.
     */
    void restore(Path directory) throws IOException;

    /** Gives back space that deleted data still takes. Blocks for long; reads and writes go on. */
    void reclaim() throws IOException;

    /** Reads everything, and tells {@link #damage} what can't be read. Blocks for long. */
    void lookForDamage();

    /**
     * Fails when a part of it was found that can't be read, with what to do about it; never
     * completes otherwise. Whoever opens it again finds it empty.
     */
    CompletableFuture<Void> damage();

    /** Bytes taken on disk and in buffers, about. */
    long sizeBytes();

    /** Of those, bytes of data that isn't deleted or overwritten, about. */
    long sizeInUseBytes();

    /**
     * Waits for open views; then views and writes fail with STOPPED. Closing again does nothing.
     */
    @Override
    void close();
}
