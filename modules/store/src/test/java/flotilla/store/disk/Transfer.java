package flotilla.store.disk;

import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.SnapshotShelf.Arriving;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.log.SnapshotShelf.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A checkpoint on its way from one shelf to another, as the transport carries it. */
interface Transfer {
    /** As it is. */
    Transfer WHOLE = (_, bytes) -> bytes;

    /** What becomes of a part's bytes. */
    byte[] of(String part, byte[] bytes);

    /** And of its name. */
    default String name(String part) {
        return part;
    }

    default void send(SnapshotMark mark, CheckpointShelf from, CheckpointShelf to)
            throws IOException {
        try (Stored stored = from.open(mark);
                Arriving arriving = to.receive(mark)) {
            for (Part part : stored.parts()) {
                byte[] bytes = of(part.name(), bytes(stored, part));
                int middle = bytes.length / 2;
                arriving.write(name(part.name()), ByteBuffer.wrap(bytes, 0, middle));
                arriving.write(
                        name(part.name()), ByteBuffer.wrap(bytes, middle, bytes.length - middle));
            }
            arriving.finish();
        }
    }

    static byte[] bytes(Stored stored, Part part) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer some = ByteBuffer.allocate(700);
        for (long at = 0; at < part.bytes(); at += some.limit()) {
            some.clear();
            stored.read(part, at, some);
            some.flip();
            all.write(some.array(), 0, some.limit());
        }
        return all.toByteArray();
    }
}
