package flotilla.store.disk;

import flotilla.platform.disk.Disk;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.MemoryBackend;
import flotilla.store.apply.mvcc.Space;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A storage on the heap, gone with the process; for tests and simulations. Checkpoints are files.
 */
public final class MemoryStorage implements Storage {
    private static final String FILE = "checkpoint";

    private final MemoryBackend backend = new MemoryBackend();

    @Override
    public View view() {
        return backend.view();
    }

    @Override
    public Draft draft() {
        return backend.draft();
    }

    @Override
    public void write(List<Backend.Change> changes) {
        backend.write(changes);
    }

    @Override
    public void flush() {}

    @Override
    public <T> T checkpoint(Path directory, Function<View, T> question) throws IOException {
        List<Change> all = backend.dump();
        Files.createDirectories(directory);
        dump(all, directory.resolve(FILE));
        Disk.sync(directory.resolve(FILE));
        Disk.sync(directory);
        MemoryBackend held = new MemoryBackend();
        held.replaceAll(all);
        try (View view = held.view()) {
            return question.apply(view);
        }
    }

    private static void dump(List<Change> all, Path file) throws IOException {
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(all.size());
            for (Change change : all) {
                byte[] value = change.value() == null ? new byte[0] : change.value();
                out.writeByte(change.space().tag());
                out.writeInt(change.key().length);
                out.write(change.key());
                out.writeInt(value.length);
                out.write(value);
            }
        }
    }

    @Override
    public <T> T examine(Path directory, Function<View, T> question) throws IOException {
        MemoryBackend held = new MemoryBackend();
        held.replaceAll(read(directory));
        try (View view = held.view()) {
            return question.apply(view);
        }
    }

    @Override
    public void restore(Path directory) throws IOException {
        backend.replaceAll(read(directory));
    }

    private static List<Change> read(Path directory) throws IOException {
        List<Change> all = new ArrayList<>();
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(directory.resolve(FILE))))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                Space space = Space.ofTag(in.readByte());
                byte[] key = in.readNBytes(in.readInt());
                all.add(new Change(space, key, in.readNBytes(in.readInt())));
            }
        }
        return all;
    }

    @Override
    public void reclaim() {}

    @Override
    public long sizeBytes() {
        return backend.dump().stream()
                .mapToLong(c -> c.key().length + (c.value() == null ? 0 : c.value().length))
                .sum();
    }

    @Override
    public void lookForDamage() {}

    @Override
    public CompletableFuture<Void> damage() {
        return new CompletableFuture<>();
    }

    @Override
    public long sizeInUseBytes() {
        return sizeBytes();
    }

    @Override
    public void close() {}
}
