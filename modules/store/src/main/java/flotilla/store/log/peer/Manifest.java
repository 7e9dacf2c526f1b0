package flotilla.store.log.peer;

import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf.Part;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a snapshot on its way consists of: its parts one after the other, each cut into chunks from
 * its beginning; an empty part is one empty chunk.
 */
record Manifest(SnapshotMark mark, List<Part> parts) {
    /** Bytes of a chunk: one read of the disk, few enough that several fit a window. */
    static final int CHUNK_BYTES = 256 << 10;

    /** Parts of a snapshot at most: a thousand times what a checkpoint of 10 GiB has. */
    static final int PARTS_MAX = 100_000;

    /** A file name, nothing that leads elsewhere. */
    private static final Pattern NAME = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,255}");

    Manifest {
        parts = List.copyOf(parts);
        if (parts.size() > PARTS_MAX) {
            throw new IllegalArgumentException("a snapshot of " + parts.size() + " parts");
        }
        for (Part part : parts) {
            if (part.bytes() < 0 || !NAME.matcher(part.name()).matches()) {
                throw new IllegalArgumentException("a snapshot with " + part);
            }
        }
        if (parts.stream().map(Part::name).distinct().count() != parts.size()) {
            throw new IllegalArgumentException("a snapshot with two parts of the same name");
        }
    }

    boolean isEnd(Position position) {
        return position.part() == parts.size();
    }

    /** Size of the chunk that begins there. */
    int chunkBytes(Position at) {
        return (int) Math.min(CHUNK_BYTES, parts.get(at.part()).bytes() - at.offset());
    }

    /** Behind the chunk that begins there. */
    Position behindChunk(Position at) {
        long offset = at.offset() + chunkBytes(at);
        return offset == parts.get(at.part()).bytes()
                ? new Position(at.part() + 1, 0)
                : new Position(at.part(), offset);
    }

    /** The digest of all bytes up to the end of a chunk, from the one up to its beginning. */
    static int digest(int before, byte[] chunk) {
        CRC32C crc = new CRC32C();
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            crc.update(before >>> shift);
        }
        crc.update(chunk, 0, chunk.length);
        return (int) crc.getValue();
    }
}
