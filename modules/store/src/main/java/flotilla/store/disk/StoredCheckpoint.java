package flotilla.store.disk;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint that is read. Its files are open, so that they stay whatever becomes of their names.
 * The manifest is a part too, the last: with it the receiver knows whether it got what was there.
 */
final class StoredCheckpoint implements SnapshotShelf.Stored {
    private final Manifest manifest;
    private final Path place;
    private final Map<String, FileChannel> channels;
    private final List<SnapshotShelf.Part> parts;

    /** Of the part that is read; checked where it is read from its beginning to its end. */
    private FileSum.Running running = new FileSum.Running();

    private String runningPart = "";

    private StoredCheckpoint(
            Manifest manifest, Path place, Map<String, FileChannel> channels, long manifestBytes) {
        this.manifest = manifest;
        this.place = place;
        this.channels = channels;
        this.parts = new ArrayList<>();
        manifest.files()
                .forEach((name, sum) -> parts.add(new SnapshotShelf.Part(name, sum.bytes())));
        parts.add(new SnapshotShelf.Part(Manifest.NAME, manifestBytes));
    }

    static StoredCheckpoint open(Manifest manifest, Path place) throws IOException {
        Map<String, FileChannel> channels = new HashMap<>();
        try {
            for (String name : manifest.files().keySet()) {
                channels.put(name, FileChannel.open(place.resolve(CheckpointShelf.STATE, name)));
            }
            FileChannel own = FileChannel.open(place.resolve(Manifest.NAME));
            channels.put(Manifest.NAME, own);
            return new StoredCheckpoint(manifest, place, channels, own.size());
        } catch (IOException e) {
            closeAll(channels);
            throw e;
        }
    }

    @Override
    public SnapshotMark mark() {
        return manifest.mark();
    }

    @Override
    public List<SnapshotShelf.Part> parts() {
        return List.copyOf(parts);
    }

    @Override
    public void read(SnapshotShelf.Part part, long offset, ByteBuffer into) throws IOException {
        FileChannel channel = channels.get(part.name());
        if (channel == null) {
            throw new IOException("%s has no part %s".formatted(place, part.name()));
        }
        ByteBuffer taken = into.duplicate();
        long at = offset;
        while (into.hasRemaining() && at < part.bytes()) {
            int count = channel.read(into, at);
            if (count < 0) {
                throw new EOFException(
                        "%s ends at %d of %d bytes: it was cut"
                                .formatted(place.resolve(part.name()), at, part.bytes()));
            }
            at += count;
        }
        check(part, offset, taken.limit(into.position()));
    }

    /** Whoever has it read in order is not given what it isn't. */
    private void check(SnapshotShelf.Part part, long offset, ByteBuffer taken) throws DamagedFile {
        if (offset == 0) {
            running = new FileSum.Running();
            runningPart = part.name();
        }
        if (!runningPart.equals(part.name()) || running.bytes() != offset) {
            return;
        }
        running.add(taken);
        FileSum wanted = manifest.files().get(part.name());
        if (wanted != null && running.bytes() == wanted.bytes() && !running.sum().equals(wanted)) {
            throw new DamagedFile(
                    place.resolve(CheckpointShelf.STATE, part.name()),
                    "its checksum doesn't fit",
                    Manifest.WAY_BACK);
        }
    }

    @Override
    public void close() throws IOException {
        closeAll(channels);
    }

    private static void closeAll(Map<String, FileChannel> channels) throws IOException {
        for (FileChannel channel : channels.values()) {
            channel.close();
        }
    }
}
