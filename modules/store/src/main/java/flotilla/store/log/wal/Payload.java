package flotilla.store.log.wal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import flotilla.protocol.Raftpb;
import flotilla.protocol.Walpb;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.MemberSpace;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The data of each type of record, between the core's values and etcd's messages. Entries by hand,
 * so that their data is copied once on its way to the disk and once on its way back.
 */
final class Payload {
    private static final int TYPE = 1 << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int TERM = 2 << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int INDEX = 3 << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int DATA = 4 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private Payload() {}

    static byte[] of(WalOwner owner) {
        return Walpb.Metadata.newBuilder()
                .setNodeId(owner.member())
                .setClusterId(owner.cluster())
                .build()
                .toByteArray();
    }

    static WalOwner owner(Reading.Whole record) throws IOException {
        Walpb.Metadata owner =
                Walpb.Metadata.parser().parseFrom(record.bytes(), record.from(), record.length());
        return new WalOwner(owner.getNodeId(), owner.getClusterId());
    }

    static byte[] of(HardState state) {
        return Raftpb.HardState.newBuilder()
                .setTerm(state.term())
                .setVote(state.vote())
                .setCommit(state.commit())
                .build()
                .toByteArray();
    }

    static HardState state(Reading.Whole record) throws IOException {
        Raftpb.HardState state =
                Raftpb.HardState.parser().parseFrom(record.bytes(), record.from(), record.length());
        return new HardState(state.getTerm(), state.getVote(), state.getCommit());
    }

    /** Members as since etcd 3.5; of none there is no word, as before. */
    static byte[] of(SnapshotMark mark) {
        Walpb.Snapshot.Builder snapshot =
                Walpb.Snapshot.newBuilder().setIndex(mark.index()).setTerm(mark.term());
        ConfState members = mark.members();
        if (!members.equals(ConfState.of())) {
            snapshot.setConfState(MemberSpace.message(members));
        }
        return snapshot.build().toByteArray();
    }

    static SnapshotMark mark(Reading.Whole record) throws IOException {
        Walpb.Snapshot mark =
                Walpb.Snapshot.parser().parseFrom(record.bytes(), record.from(), record.length());
        return new SnapshotMark(
                mark.getIndex(), mark.getTerm(), MemberSpace.members(mark.getConfState()));
    }

    /** An entry up to its data, which follows it. */
    static byte[] headOf(Entry entry) {
        int data = entry.bytes();
        int length =
                3
                        + CodedOutputStream.computeEnumSizeNoTag(entry.kind().number())
                        + CodedOutputStream.computeUInt64SizeNoTag(entry.term())
                        + CodedOutputStream.computeUInt64SizeNoTag(entry.index())
                        + (data == 0 ? 0 : 1 + CodedOutputStream.computeUInt32SizeNoTag(data));
        byte[] head = new byte[length];
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        try {
            out.writeUInt32NoTag(TYPE);
            out.writeEnumNoTag(entry.kind().number());
            out.writeUInt32NoTag(TERM);
            out.writeUInt64NoTag(entry.term());
            out.writeUInt32NoTag(INDEX);
            out.writeUInt64NoTag(entry.index());
            if (data > 0) {
                out.writeUInt32NoTag(DATA);
                out.writeUInt32NoTag(data);
            }
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("a head of " + length + " bytes", e);
        }
        return head;
    }

    static Entry entry(Reading.Whole record) throws IOException {
        CodedInputStream in =
                CodedInputStream.newInstance(record.bytes(), record.from(), record.length());
        int kind = 0;
        long term = 0;
        long index = 0;
        byte[] data = new byte[0];
        while (!in.isAtEnd()) {
            int tag = in.readTag();
            switch (tag) {
                case TYPE -> kind = in.readEnum();
                case TERM -> term = in.readUInt64();
                case INDEX -> index = in.readUInt64();
                case DATA -> data = in.readByteArray();
                default -> throw new IOException("an entry with an unknown field, tag " + tag);
            }
        }
        return new Entry(index, term, Entry.Kind.of(kind), data);
    }
}
