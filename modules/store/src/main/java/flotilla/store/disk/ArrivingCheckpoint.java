package flotilla.store.disk;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint on its way in, in a partial directory. Its sums are taken as it is written; at the
 * end they must be those of the manifest that came with it. Closing may come from another thread:
 * then what is still written is refused.
 */
final class ArrivingCheckpoint implements SnapshotShelf.Arriving {
    private static final String WAY_BACK = "it is given up, and the leader sends it again";

    private final Path partial;
    private final SnapshotMark mark;
    private final ShelfDisk disk;
    private final Placing placing;
    private final Map<String, FileSum> sums = new HashMap<>();
    private @Nullable Part part;
    private boolean over;

    /** Puts it on the shelf. */
    interface Placing {
        void put() throws IOException;
    }

    private record Part(String name, FileChannel channel, FileSum.Running running) {}

    ArrivingCheckpoint(Path partial, SnapshotMark mark, ShelfDisk disk, Placing placing) {
        this.partial = partial;
        this.mark = mark;
        this.disk = disk;
        this.placing = placing;
    }

    @Override
    public synchronized void write(String name, ByteBuffer bytes) throws IOException {
        requireUnderWay();
        Part current = part;
        if (current == null || !current.name().equals(name)) {
            endPart();
            current = begin(name);
            part = current;
        }
        if (name.equals(Manifest.NAME)
                && current.running().bytes() + bytes.remaining() > Manifest.BYTES_MAX) {
            throw new IOException("the manifest that arrives is larger than any: it is given up");
        }
        current.running().add(bytes);
        while (bytes.hasRemaining()) {
            current.channel().write(bytes);
        }
    }

    private Part begin(String name) throws IOException {
        if (!Manifest.isFileName(name) || sums.containsKey(name)) {
            throw new IOException("a part named \"" + name + "\" does not belong to a checkpoint");
        }
        FileChannel channel =
                FileChannel.open(
                        file(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Part(name, channel, new FileSum.Running());
    }

    private Path file(String name) {
        return name.equals(Manifest.NAME)
                ? partial.resolve(name)
                : partial.resolve(CheckpointShelf.STATE, name);
    }

    private void endPart() throws IOException {
        Part ended = part;
        if (ended != null) {
            part = null;
            ended.channel().close();
            sums.put(ended.name(), ended.running().sum());
            disk.sync(file(ended.name()));
        }
    }

    @Override
    public synchronized void finish() throws IOException {
        requireUnderWay();
        endPart();
        Manifest manifest = Manifest.read(partial);
        if (!manifest.mark().equals(mark)) {
            throw damaged(Manifest.NAME, "it is of %s, not of %s".formatted(manifest.mark(), mark));
        }
        for (Map.Entry<String, FileSum> file : manifest.files().entrySet()) {
            if (file.getValue().bytes() == 0 && !sums.containsKey(file.getKey())) {
                part = begin(file.getKey());
                endPart();
            }
            if (!file.getValue().equals(sums.remove(file.getKey()))) {
                throw damaged(file.getKey(), "it is not what was sent");
            }
        }
        sums.remove(Manifest.NAME);
        if (!sums.isEmpty()) {
            throw damaged(Manifest.NAME, "it does not tell of " + sums.keySet());
        }
        placing.put();
        over = true;
    }

    private DamagedFile damaged(String name, String what) {
        return new DamagedFile(file(name), what, WAY_BACK);
    }

    private void requireUnderWay() throws IOException {
        if (over) {
            throw new IOException(
                    "the checkpoint of entry %d was given up, or is on the shelf already"
                            .formatted(mark.index()));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!over) {
            over = true;
            Part open = part;
            if (open != null) {
                open.channel().close();
            }
            disk.delete(partial);
        }
    }
}
