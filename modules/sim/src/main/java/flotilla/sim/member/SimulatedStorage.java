package flotilla.sim.member;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.KeyValue;
import flotilla.sim.member.StateDisk.Checkpoint;
import flotilla.store.apply.mvcc.MemoryBackend;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.disk.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The database of one process, on a {@link StateDisk}. */
final class SimulatedStorage implements Storage {
    private final StateDisk disk;
    private final MemoryBackend backend = new MemoryBackend();

    SimulatedStorage(StateDisk disk) {
        this.disk = disk;
        backend.write(disk.contents());
    }

    /**
     * Turns a bit of a key's value, as if it had been applied so.
     *
     * @return false if the key has gone meanwhile, with its lease
     */
    boolean rot(ByteString key) {
        Change last = null;
        for (Change change : backend.dump()) {
            byte[] value = change.value();
            if (change.space() == Space.REVISION
                    && value != null
                    && parse(value).getKey().equals(key)
                    && !Revision.isTombstone(change.key())) {
                last = change;
            }
        }
        if (last == null) {
            return false;
        }
        KeyValue right = parse(Objects.requireNonNull(last.value()));
        byte[] text = right.getValue().toByteArray();
        text[text.length - 1] ^= 1;
        KeyValue wrong = right.toBuilder().setValue(ByteString.copyFrom(text)).build();
        write(List.of(new Change(Space.REVISION, last.key(), wrong.toByteArray())));
        flush();
        return true;
    }

    private static KeyValue parse(byte[] bytes) {
        try {
            return KeyValue.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException("a stored value", e);
        }
    }

    /** Where {@link #restore} finds a checkpoint. */
    static Path path(long index) {
        return Path.of("checkpoint", String.valueOf(index));
    }

    List<Change> contents() {
        return backend.dump();
    }

    @Override
    public View view() {
        return backend.view();
    }

    @Override
    public Draft draft() {
        return backend.draft(this::write);
    }

    @Override
    public void write(List<Change> changes) {
        backend.write(changes);
        disk.wrote(changes);
        if (disk.shouldFlush()) {
            flush();
        }
    }

    @Override
    public void flush() {
        disk.flushed(backend.dump());
    }

    @Override
    public <T> T checkpoint(Path directory, Function<View, T> question) throws IOException {
        throw new IOException("checkpoints of this database are taken by its shelf");
    }

    @Override
    public <T> T examine(Path directory, Function<View, T> question) throws IOException {
        MemoryBackend held = new MemoryBackend();
        held.replaceAll(checkpoint(directory).contents());
        try (View view = held.view()) {
            return question.apply(view);
        }
    }

    @Override
    public void restore(Path directory) throws IOException {
        List<Change> contents = checkpoint(directory).contents();
        backend.replaceAll(contents);
        disk.flushed(contents);
    }

    private Checkpoint checkpoint(Path directory) throws IOException {
        long index = Long.parseLong(directory.getFileName().toString());
        Checkpoint checkpoint = disk.checkpoint(index);
        if (checkpoint == null) {
            throw new IOException("there is no checkpoint of entry " + index);
        }
        return checkpoint;
    }

    @Override
    public void reclaim() {}

    @Override
    public void lookForDamage() {}

    @Override
    public CompletableFuture<Void> damage() {
        return new CompletableFuture<>();
    }

    @Override
    public long sizeBytes() {
        return 0;
    }

    @Override
    public long sizeInUseBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
