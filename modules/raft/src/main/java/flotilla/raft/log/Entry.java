package flotilla.raft.log;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One entry of the log (raftpb.Entry). Index and term together name it: two logs that hold an entry
 * of the same index and term are the same up to and including it (thesis 3.5, Log Matching).
 *
 * <p>The bytes are encoded once and then shared by the log on disk, the cache, the peers' buffers
 * and the state machine. So nothing is copied here: whoever makes an entry hands the array over,
 * and from then on nobody writes to it. A reader of the network copies the bytes out of its buffer
 * before it makes an entry, because an entry may live as long as the log.
 *
 * @param index place in the log, from 1
 * @param term term of the leader that made it, from 1
 * @param kind what the data means
 * @param data not copied, never changed; empty for the entry by which a new leader commits what it
 *     found
 */
public record Entry(long index, long term, Kind kind, byte[] data) {
    /** What an entry's data means (raftpb.EntryType). */
    public enum Kind {
        /** A command of the state machine, or nothing. */
        NORMAL(0),
        /** One change of the members (raftpb.ConfChange). */
        CONF_CHANGE(1),
        /**
         * Any number of changes, or none: "leave the joint configuration" (raftpb.ConfChangeV2).
         */
        CONF_CHANGE_V2(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** The number by which raftpb writes it. */
        public int number() {
            return number;
        }

        /** Whether it changes the members. */
        public boolean changesMembers() {
            return this != NORMAL;
        }

        /**
         * @throws IllegalArgumentException if there is no such kind; it was written by a newer
         *     version and must stop the member, never be skipped
         */
        public static Kind of(int number) {
            return switch (number) {
                case 0 -> NORMAL;
                case 1 -> CONF_CHANGE;
                case 2 -> CONF_CHANGE_V2;
                default ->
                        throw new IllegalArgumentException(
                                "no kind of entry has the number "
                                        + number
                                        + ": a newer version wrote it; update this member");
            };
        }
    }

    /** Bytes of the array that a text shows. */
    private static final int SHOWN_BYTES = 16;

    public Entry {
        if (index < 1 || term < 1) {
            throw new IllegalArgumentException(
                    "an entry's index and term begin at 1, not at " + index + "/" + term);
        }
    }

    /** Bytes of its data: what budgets and windows count. */
    public int bytes() {
        return data.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry(long otherIndex, long otherTerm, Kind otherKind, byte[] bytes)
                && index == otherIndex
                && term == otherTerm
                && kind == otherKind
                && Arrays.equals(data, bytes);
    }

    /** Of index and term only: they name the entry, and its data may be a megabyte. */
    @Override
    public int hashCode() {
        return Long.hashCode(index * 31 + term);
    }

    @Override
    public String toString() {
        String start = HexFormat.of().formatHex(data, 0, Math.min(data.length, SHOWN_BYTES));
        return "Entry[%d/%d %s %d bytes %s%s]"
                .formatted(index, term, kind, bytes(), start, bytes() > SHOWN_BYTES ? ".." : "");
    }
}
