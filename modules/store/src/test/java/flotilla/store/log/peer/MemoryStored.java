package flotilla.store.log.peer;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.log.SnapshotShelf.Stored;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A checkpoint in memory. */
final class MemoryStored implements Stored {
    static final SnapshotMark MARK =
            new SnapshotMark(
                    70,
                    3,
                    new ConfState(List.of(1L, 2L), List.of(-9L), List.of(1L), List.of(4L), true));

    private final Map<String, byte[]> parts = new LinkedHashMap<>();
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile long failsAfterBytes = Long.MAX_VALUE;
    private volatile boolean closed;

    /** Parts of these sizes, filled by chance. */
    MemoryStored(int... sizes) {
        Random chance = new Random(sizes.length);
        for (int size : sizes) {
            byte[] bytes = new byte[size];
            chance.nextBytes(bytes);
            parts.put("%06d.sst".formatted(parts.size()), bytes);
        }
    }

    Map<String, ByteBuffer> content() {
        Map<String, ByteBuffer> content = new LinkedHashMap<>();
        parts.forEach((name, part) -> content.put(name, ByteBuffer.wrap(part)));
        return content;
    }

    long totalBytes() {
        return parts.values().stream().mapToLong(part -> part.length).sum();
    }

    long bytesRead() {
        return bytesRead.get();
    }

    boolean closed() {
        return closed;
    }

    void failAfter(long bytes) {
        failsAfterBytes = bytes;
    }

    @Override
    public SnapshotMark mark() {
        return MARK;
    }

    @Override
    public List<Part> parts() {
        return parts.entrySet().stream()
                .map(part -> new Part(part.getKey(), part.getValue().length))
                .toList();
    }

    @Override
    public void read(Part part, long offset, ByteBuffer into) throws IOException {
        if (closed) {
            throw new IOException("read after it was closed");
        }
        byte[] bytes = Objects.requireNonNull(parts.get(part.name()));
        int count = (int) Math.min(into.remaining(), bytes.length - offset);
        if (bytesRead.addAndGet(count) > failsAfterBytes) {
            throw new IOException("a bad sector");
        }
        into.put(Arrays.copyOfRange(bytes, (int) offset, (int) offset + count));
    }

    @Override
    public void close() {
        closed = true;
    }
}
