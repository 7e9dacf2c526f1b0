package flotilla.sim.member;

import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.sim.member.StateDisk.Checkpoint;
import flotilla.store.apply.mvcc.Backend.Change;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.StateMachine;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The checkpoints of one process's state, on a {@link StateDisk}. */
final class SimulatedShelf implements SnapshotShelf {
    private static final String HEAD = "head";
    private static final String BODY = "body";

    private final StateDisk disk;
    private final SimulatedStorage storage;
    private final StateMachine machine;
    private @Nullable Half arriving;

    SimulatedShelf(StateDisk disk, SimulatedStorage storage, StateMachine machine) {
        this.disk = disk;
        this.storage = storage;
        this.machine = machine;
    }

    @Override
    public List<SnapshotMark> marks() {
        return disk.marks();
    }

    @Override
    public SnapshotMark take() throws IOException {
        SnapshotMark mark =
                new SnapshotMark(
                        machine.appliedIndex(), machine.appliedTerm(), machine.confState());
        disk.put(new Checkpoint(mark, storage.contents()));
        return mark;
    }

    @Override
    public void restore(SnapshotMark mark) throws IOException {
        if (disk.isDamaged(mark.index())) {
            throw new DamagedFile(
                    Path.of(BODY), "its bytes are not what was written", "another is taken");
        }
        machine.restore(SimulatedStorage.path(mark.index()));
    }

    @Override
    public Stored open(SnapshotMark mark) throws IOException {
        Checkpoint checkpoint = disk.checkpoint(mark.index());
        if (checkpoint == null) {
            throw new IOException("there is no checkpoint of entry " + mark.index());
        }
        byte[] bytes = encode(checkpoint.contents());
        byte[] head = head(bytes);
        if (disk.isDamaged(mark.index())) {
            bytes[bytes.length / 2] ^= 1;
        }
        return new Whole(checkpoint.mark(), head, bytes);
    }

    @Override
    public Arriving receive(SnapshotMark mark) {
        Half half = new Half(mark);
        arriving = half;
        return half;
    }

    @Override
    public boolean dropIfDamaged(SnapshotMark mark) {
        boolean damaged = disk.isDamaged(mark.index());
        if (damaged) {
            disk.drop(mark.index());
        }
        return damaged;
    }

    @Override
    public void drop(SnapshotMark mark) {
        disk.drop(mark.index());
    }

    /** One that is read: its checksum, then its bytes. */
    private record Whole(SnapshotMark mark, byte[] head, byte[] bytes) implements Stored {
        @Override
        public List<Part> parts() {
            return List.of(new Part(HEAD, Integer.BYTES), new Part(BODY, bytes.length));
        }

        @Override
        public void read(Part part, long offset, ByteBuffer into) {
            byte[] all = part.name().equals(HEAD) ? head : bytes;
            int length = Math.min(into.remaining(), all.length - (int) offset);
            into.put(all, (int) offset, length);
        }

        @Override
        public void close() {}
    }

    /** One that comes in. */
    private final class Half implements Arriving {
        private final SnapshotMark mark;
        private final ByteArrayOutputStream head = new ByteArrayOutputStream();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Half(SnapshotMark mark) {
            this.mark = mark;
        }

        @Override
        public void write(String part, ByteBuffer bytes) throws IOException {
            requireCurrent();
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            (part.equals(HEAD) ? head : body).writeBytes(piece);
        }

        @Override
        public void finish() throws IOException {
            requireCurrent();
            byte[] bytes = body.toByteArray();
            if (!Arrays.equals(head.toByteArray(), head(bytes))) {
                throw new DamagedFile(
                        Path.of(BODY), "its bytes are not what was sent", "it will be sent again");
            }
            disk.put(new Checkpoint(mark, decode(bytes)));
        }

        @SuppressWarnings("ReferenceEquality") // this very one
        private void requireCurrent() throws IOException {
            if (arriving != this) {
                throw new IOException("another checkpoint has begun to come in");
            }
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // this very one
        public void close() {
            if (arriving == this) {
                arriving = null;
            }
        }
    }

    private static byte[] head(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    private static byte[] encode(List<Change> contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(contents.size());
        for (Change change : contents) {
            byte[] value = change.value() == null ? new byte[0] : change.value();
            out.writeByte(change.space().tag());
            out.writeInt(change.key().length);
            out.write(change.key());
            out.writeInt(value.length);
            out.write(value);
        }
        return bytes.toByteArray();
    }

    private static List<Change> decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        List<Change> contents = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Space space = Space.ofTag(in.readByte());
            byte[] key = in.readNBytes(in.readInt());
            contents.add(new Change(space, key, in.readNBytes(in.readInt())));
        }
        return contents;
    }
}
