package flotilla.raft;

import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;

/**
 * What a member found on its disk, or begins with.
 *
 * @param state the last one stored
 * @param log built from the entries found
 * @param applied how far the state machine has come
 * @param members as of {@code applied}, kept with the state machine: one store of truth (raft.md
 *     scenario 52)
 */
public record Restored(HardState state, LogOutline log, long applied, ConfState members) {
    /** Of a member that has a snapshot and no entries, as each has when it begins. */
    public static Restored from(SnapshotMark mark) {
        return new Restored(
                new HardState(mark.term(), 0, mark.index()),
                new LogOutline(mark),
                mark.index(),
                mark.members());
    }
}
