package flotilla.raft.sim;

import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import java.util.Arrays;

/**
 * The replicated state: all that matters of it is whether two are equal.
 *
 * @param hash of all entries applied, in order
 */
record State(long index, long term, ConfState members, long hash) {
    static State from(SnapshotMark mark) {
        return new State(mark.index(), mark.term(), mark.members(), 0);
    }

    State after(Entry entry, ConfState next) {
        long mixed = (hash * 31 + entry.term()) * 31 + Arrays.hashCode(entry.data());
        return new State(entry.index(), entry.term(), next, mixed);
    }

    SnapshotMark mark() {
        return new SnapshotMark(index, term, members);
    }
}
