package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.platform.disk.StoredFile;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailTest {
    private static final WalOwner OWNER = new WalOwner(1, 2);
    private static final WalOptions OPTIONS = new WalOptions(1 << 20, 1 << 16, 0);

    private static Entry entry(long index, int bytes) {
        return new Entry(index, 1, Entry.Kind.NORMAL, new byte[bytes]);
    }

    @Test
    void a_part_of_a_record_ends_with_a_page() throws IOException {
        List<Long> ends = new ArrayList<>();
        Segment segment = new Segment(SegmentName.FIRST, new Writes(ends), "here");
        Tail tail = new Tail(segment, OPTIONS, 0);
        tail.head(OWNER);
        tail.flush();
        ends.clear();
        for (int i = 1; i < 4; i++) {
            tail.add(entry(i, 100_001 * i));
        }
        tail.flush();

        assertThat(ends.removeLast()).isEqualTo(tail.end().offset());
        assertThat(ends).hasSizeGreaterThan(3).allMatch(end -> end % 4096 == 0);
    }

    @Test
    void each_batch_after_a_sync_and_no_other_begins_with_a_checksum() throws IOException {
        StoredFile file = new SimulatedDisk().directory("wal").create("a");
        Tail tail = new Tail(new Segment(SegmentName.FIRST, file, "a"), OPTIONS, 0);
        tail.head(OWNER);
        tail.flush();
        for (int i = 1; i < 4; i++) {
            tail.markSync();
            tail.add(entry(i, 10));
            tail.flush();
            if (i == 2) {
                tail.sync();
                tail.sync();
            }
        }
        tail.add(new HardState(1, 0, 0));
        tail.flush();

        assertThat(types(file))
                .containsExactly(
                        RecordType.CRC,
                        RecordType.METADATA,
                        RecordType.ENTRY,
                        RecordType.ENTRY,
                        RecordType.CRC,
                        RecordType.ENTRY,
                        RecordType.STATE);
    }

    private static List<RecordType> types(StoredFile file) throws IOException {
        List<RecordType> types = new ArrayList<>();
        RecordReader reader = RecordReader.from(file, 0, 0);
        while (reader.next() instanceof Reading.Whole record) {
            types.add(record.type());
        }
        return types;
    }

    /** Remembers where each write ended. */
    private record Writes(List<Long> ends) implements StoredFile {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public void read(ByteBuffer into, long position) {
            throw new AssertionError("read at " + position);
        }

        @Override
        public void write(ByteBuffer from, long position) {
            ends.add(position + from.remaining());
            from.position(from.limit());
        }

        @Override
        public void sync() {
            throw new AssertionError("synced");
        }

        @Override
        public void close() {
            throw new AssertionError("closed");
        }
    }
}
