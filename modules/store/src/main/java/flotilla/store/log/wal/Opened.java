package flotilla.store.log.wal;

import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import java.util.List;
import java.util.Optional;

/**
 * A log that was opened, and what stands in it beside its entries. All of it is on the disk.
 *
 * @param state the last one; {@link HardState#NONE} if there is none. The last entry's term may be
 *     above its term, and never its commit index above the last entry
 * @param marks the snapshots whose end is marked in the files that are there, oldest first
 * @param torn what was cut off; the caller says so to people
 */
public record Opened(Wal wal, HardState state, List<SnapshotMark> marks, Optional<TornTail> torn) {
    public Opened {
        marks = List.copyOf(marks);
    }

    /**
     * Before the member speaks to anybody: the log must go on from the state that was applied, and
     * hold all that is in it. A log that is shorter was damaged where nothing shows it (its last
     * files gone, its end zeroed), or is not the one that the state came from.
     *
     * @param applied last entry that the member's state holds
     * @throws DamagedLog if it doesn't
     */
    public void requireHolds(long applied) throws DamagedLog {
        StoredEntries entries = wal.entries();
        if (entries.last() < applied) {
            throw DamagedLog.in(
                    wal.place(),
                    "the log ends with entry %d, but entry %d was applied"
                            .formatted(entries.last(), applied));
        }
        if (entries.begin() > applied) {
            throw DamagedLog.in(
                    wal.place(),
                    "the log begins after entry %d, but only entry %d was applied"
                            .formatted(entries.begin(), applied));
        }
        if (entries.last() < state.commit()) {
            throw DamagedLog.in(
                    wal.place(),
                    "the log ends with entry %d, but entry %d was committed"
                            .formatted(entries.last(), state.commit()));
        }
    }
}
