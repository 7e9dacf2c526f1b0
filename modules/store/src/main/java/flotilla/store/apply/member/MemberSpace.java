package flotilla.store.apply.member;

import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.Member;
import flotilla.protocol.Raftpb;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How a {@link MemberBook} lies in the state. */
public final class MemberSpace {
    private static final byte[] CONF = "conf".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private MemberSpace() {}

    static MemberBook read(Backend.View view) {
        NavigableMap<Long, Member> records = new TreeMap<>(Long::compareUnsigned);
        NavigableSet<Long> removed = new TreeSet<>(Long::compareUnsigned);
        try (Backend.Cursor cursor = view.cursor(Space.MEMBER)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                records.put(id(cursor.key()), member(cursor.value()));
            }
        }
        try (Backend.Cursor cursor = view.cursor(Space.MEMBER_REMOVED)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                removed.add(id(cursor.key()));
            }
        }
        NavigableMap<Long, Integer> reads = new TreeMap<>(Long::compareUnsigned);
        try (Backend.Cursor cursor = view.cursor(Space.MEMBER_READS)) {
            for (boolean on = cursor.seek(NOTHING); on; on = cursor.next()) {
                reads.put(id(cursor.key()), ByteBuffer.wrap(cursor.value()).getInt());
            }
        }
        return new MemberBook(conf(view), records, reads, removed);
    }

    /** Who decides; nobody in a fresh state. */
    public static ConfState conf(Backend.View view) {
        byte[] bytes = view.get(Space.META, CONF);
        try {
            return bytes == null ? ConfState.of() : members(Raftpb.ConfState.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "the stored configuration is damaged: " + e.getMessage(), e);
        }
    }

    /** A look-up where {@link MemberBook#isRemoved} would read them all. */
    public static boolean isRemoved(Backend.View view, long id) {
        return view.get(Space.MEMBER_REMOVED, key(id)) != null;
    }

    static Backend.Change conf(ConfState conf) {
        return new Backend.Change(Space.META, CONF, message(conf).toByteArray());
    }

    static Backend.Change record(Member member) {
        return new Backend.Change(Space.MEMBER, key(member.getID()), member.toByteArray());
    }

    static Backend.Change noRecord(long id) {
        return new Backend.Change(Space.MEMBER, key(id), null);
    }

    static Backend.Change reads(long id, int level) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(level).array();
        return new Backend.Change(Space.MEMBER_READS, key(id), bytes);
    }

    static Backend.Change noReads(long id) {
        return new Backend.Change(Space.MEMBER_READS, key(id), null);
    }

    static Backend.Change removed(long id) {
        return new Backend.Change(Space.MEMBER_REMOVED, key(id), NOTHING);
    }

    /** As raftpb writes it. */
    public static Raftpb.ConfState message(ConfState conf) {
        return Raftpb.ConfState.newBuilder()
                .addAllVoters(conf.voters())
                .addAllLearners(conf.learners())
                .addAllVotersOutgoing(conf.votersOutgoing())
                .addAllLearnersNext(conf.learnersNext())
                .setAutoLeave(conf.autoLeave())
                .build();
    }

    /** As raftpb wrote it. */
    public static ConfState members(Raftpb.ConfState conf) {
        return new ConfState(
                conf.getVotersList(),
                conf.getLearnersList(),
                conf.getVotersOutgoingList(),
                conf.getLearnersNextList(),
                conf.getAutoLeave());
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    private static long id(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    private static Member member(byte[] bytes) {
        try {
            return Member.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored member is damaged: " + e.getMessage(), e);
        }
    }
}
