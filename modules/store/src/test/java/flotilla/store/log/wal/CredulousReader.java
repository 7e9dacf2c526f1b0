package flotilla.store.log.wal;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.platform.disk.Directory;
import flotilla.platform.disk.StoredFile;
import flotilla.protocol.Raftpb;
import flotilla.protocol.Walpb;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.store.log.wal.PromisedLog.Held;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a log by the description of its format and etcd's messages alone, and believes all of it:
 * what can be parsed counts, and where nothing can, a file ends.
 */
final class CredulousReader {
    private final List<Walpb.Record> records = new ArrayList<>();

    private CredulousReader() {}

    static List<Walpb.Record> records(Directory directory) throws IOException {
        CredulousReader reader = new CredulousReader();
        for (SegmentName name : Opening.names(directory)) {
            try (StoredFile file = directory.open(name.toString())) {
                reader.add(file);
            }
        }
        return reader.records;
    }

    static Held read(Directory directory) throws IOException {
        HardState state = HardState.NONE;
        List<Entry> entries = new ArrayList<>();
        long begin = Math.max(0, Opening.names(directory).getFirst().firstIndex() - 1);
        for (Walpb.Record record : records(directory)) {
            ByteString data = record.getData();
            if (record.getType() == RecordType.ENTRY.number()) {
                Entry entry = entry(Raftpb.Entry.parseFrom(data));
                begin = Math.min(begin, entry.index() - 1);
                entries.removeIf(old -> old.index() >= entry.index());
                entries.add(entry);
            } else if (record.getType() == RecordType.STATE.number()) {
                Raftpb.HardState next = Raftpb.HardState.parseFrom(data);
                state = new HardState(next.getTerm(), next.getVote(), next.getCommit());
            } else if (record.getType() == RecordType.SNAPSHOT.number()) {
                Walpb.Snapshot mark = Walpb.Snapshot.parseFrom(data);
                if (mark.getIndex() > begin + entries.size()) {
                    begin = mark.getIndex();
                    entries.clear();
                }
            }
        }
        return new Held(state, begin, entries);
    }

    private static Entry entry(Raftpb.Entry entry) {
        return new Entry(
                entry.getIndex(),
                entry.getTerm(),
                Entry.Kind.of(entry.getType().getNumber()),
                entry.getData().toByteArray());
    }

    private void add(StoredFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size()).order(ByteOrder.LITTLE_ENDIAN);
        file.read(bytes, 0);
        bytes.flip();
        while (bytes.remaining() >= Long.BYTES) {
            long word = bytes.getLong();
            long length = word & 0xff_ffff_ffff_ffffL;
            long padding = word < 0 ? word >>> 56 & 7 : 0;
            if (length == 0 || length + padding > bytes.remaining()) {
                return;
            }
            try {
                records.add(Walpb.Record.parseFrom(bytes.slice(bytes.position(), (int) length)));
            } catch (InvalidProtocolBufferException e) {
                return;
            }
            bytes.position(bytes.position() + (int) (length + padding));
        }
    }
}
