package flotilla.store.log.peer;

import flotilla.store.log.SnapshotShelf.Arriving;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A checkpoint that arrives in memory, as fast as it is let. */
final class MemoryArriving implements Arriving {
    private static final int UNLIMITED = 1 << 20;

    private final Map<String, ByteArrayOutputStream> parts = new LinkedHashMap<>();
    private final Semaphore writes = new Semaphore(UNLIMITED);
    private final AtomicLong bytes = new AtomicLong();
    private volatile @Nullable IOException finishFailure;
    private volatile boolean finished;
    private volatile boolean closed;

    /** From now on a write waits until it is let. */
    void hold() {
        writes.drainPermits();
    }

    void let(int more) {
        writes.release(more);
    }

    void letAll() {
        writes.release(UNLIMITED);
    }

    void failToFinish(IOException failure) {
        finishFailure = failure;
    }

    long bytes() {
        return bytes.get();
    }

    boolean finished() {
        return finished;
    }

    boolean closed() {
        return closed;
    }

    Map<String, ByteBuffer> content() {
        Map<String, ByteBuffer> content = new LinkedHashMap<>();
        parts.forEach((name, part) -> content.put(name, ByteBuffer.wrap(part.toByteArray())));
        return content;
    }

    @Override
    public void write(String part, ByteBuffer more) throws IOException {
        try {
            writes.acquire();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
        if (closed) {
            throw new IOException("written after it was closed");
        }
        byte[] copy = new byte[more.remaining()];
        more.get(copy);
        parts.computeIfAbsent(part, _ -> new ByteArrayOutputStream()).writeBytes(copy);
        bytes.addAndGet(copy.length);
    }

    @Override
    public void finish() throws IOException {
        IOException failure = finishFailure;
        if (failure != null) {
            throw failure;
        }
        finished = true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
