package flotilla.store.log;

import java.util.List;

/**
 * From what a member goes on when it starts: its state, or a checkpoint. The log must reach back to
 * it, for what lies between would be missing for ever; and the log must reach as far as the state,
 * for where it ends new entries get numbers that the state takes for applied, and passes over.
 *
 * <p>Entries are counted from 1; 0 is before all.
 */
public sealed interface StartPoint {
    /**
     * What was found on the disk.
     *
     * @param applied the last entry in the state; 0 for a state that is new
     * @param logFirst the first entry of the log; one after the last where it has none
     * @param logLast the last entry of the log; 0 for none
     * @param checkpoints the last entries in the checkpoints, any order
     */
    record Found(long applied, long logFirst, long logLast, List<Long> checkpoints) {
        public Found {
            checkpoints = List.copyOf(checkpoints);
        }

        private boolean reachesBackTo(long index) {
            return logFirst <= index + 1;
        }
    }

    /**
     * Checkpoints ahead of the state, the best first; each is as good as the next, but longer ago.
     *
     * @param stateToo whether the state does where none of them does
     */
    record Restore(List<Long> checkpoints, boolean stateToo) implements StartPoint {
        public Restore {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /** Nothing to do but to go on. */
    record Continue() implements StartPoint {}

    /** Neither is possible; in words. */
    record Refuse(String why) implements StartPoint {}

    static StartPoint of(Found found) {
        long newest = found.checkpoints().stream().mapToLong(Long::longValue).max().orElse(0);
        long end = Math.max(found.logLast(), newest);
        if (found.applied() > end) {
            return new Refuse(
                    "the log ends with entry %d, but the state holds entry %d: what this member acknowledged in between is gone"
                            .formatted(end, found.applied()));
        }
        boolean stateToo = found.reachesBackTo(found.applied());
        List<Long> ahead =
                found.checkpoints().stream()
                        .filter(index -> index > found.applied() && found.reachesBackTo(index))
                        .sorted(java.util.Comparator.reverseOrder())
                        .toList();
        if (!ahead.isEmpty()) {
            return new Restore(ahead, stateToo);
        }
        return stateToo ? new Continue() : unreached(found);
    }

    static Refuse unreached(Found found) {
        return new Refuse(
                "the log begins with entry %d, but the state ends with entry %d and no sound checkpoint reaches further"
                        .formatted(found.logFirst(), found.applied()));
    }
}
