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

    /** Where a member begins that has yet to hear of its group: with a snapshot from its leader. */
    public static final SnapshotMark NONE = new SnapshotMark(0, 0, ConfState.of());

    /**
     * Where a new group begins: each first member has this mark before it runs, with an empty
     * state. It ends at an entry that never was, so that nobody who lacks it can take the log from
     * its start and miss who the members are; whoever comes later begins with {@link #NONE}.
     */
    public static SnapshotMark beginning(ConfState members) {
        return new SnapshotMark(1, 1, members);
    }
}
