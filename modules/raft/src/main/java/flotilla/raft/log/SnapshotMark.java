package flotilla.raft.log;

import flotilla.raft.members.ConfState;

/**
 * Which state a snapshot holds (raftpb.SnapshotMetadata): everything up to and including an entry,
 * and the members as of it. The log goes on at {@code index + 1}.
 *
 * @param index last index that the snapshot holds; 0 for the empty state before the first entry
 * @param term term of that entry
 * @param members the configuration in force at that index
 */
public record SnapshotMark(long index, long term, ConfState members) {
    public SnapshotMark {
        if (index < 0 || term < 0 || (index == 0) != (term == 0)) {
            throw new IllegalArgumentException("no snapshot ends at " + index + "/" + term);
        }
    }

    /** The empty state of a group that begins with these members. */
    public static SnapshotMark beginning(ConfState members) {
        return new SnapshotMark(0, 0, members);
    }
}
