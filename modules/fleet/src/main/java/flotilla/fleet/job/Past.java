package flotilla.fleet.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a unit was, and what was wanted of it: found backwards from what is, since the line that
 * tells how it came there may have gone long ago.
 *
 * @param lines of its history, oldest first
 * @param machines that are told of it now
 * @param desired now; empty when the unit is not known any more
 */
public record Past(List<Deed> lines, Set<String> machines, Optional<JobState> desired) {
    public Past {
        lines = List.copyOf(lines);
        machines = Set.copyOf(machines);
    }

    /**
     * Where it was at a time.
     *
     * @param desired empty when nothing was wanted, or nobody knows it any more
     * @param stays by machine
     */
    public record Moment(Optional<JobState> desired, List<Stay> stays) {
        public Moment {
            stays = List.copyOf(stays);
        }
    }

    /**
     * @param leaving whether the machine was told to give it up
     * @param came the line that tells how it came; empty when that is not kept any more
     */
    public record Stay(String machineId, boolean leaving, Optional<Deed> came) {}

    /**
     * From when on nothing is missing.
     *
     * @param keptMillis before it lines may have gone for their age
     * @param linesMax so many lines are left when older ones have gone for their number
     */
    public long knownSinceMillis(long keptMillis, int linesMax) {
        return lines.size() < linesMax
                ? keptMillis
                : Math.max(keptMillis, lines.getFirst().atMillis());
    }

    /**
     * @param millis since 1970; what happened then counts
     */
    public Moment at(long millis) {
        Set<String> then = new TreeSet<>(machines);
        int left = lines.size();
        while (left > 0 && lines.get(left - 1).atMillis() > millis) {
            left--;
            undo(lines.get(left), then);
        }
        List<Deed> before = lines.subList(0, left);
        List<Stay> stays = new ArrayList<>();
        then.forEach(machine -> stays.add(stay(machine, before)));
        return new Moment(desired(left), stays);
    }

    private static void undo(Deed deed, Set<String> machines) {
        switch (deed.what()) {
            case PLACED -> machines.remove(deed.machineId());
            case MOVED -> {
                machines.remove(deed.machineId());
                machines.add(deed.fromId());
            }
            case RELEASED, STRUCK -> machines.add(deed.machineId());
            case SUBMITTED, CHANGED, LAUNCHED, LOADED, UNLOADED, RESTARTED, DESTROYED -> {}
            case UPDATED, WITHDRAWN -> {}
            case JOINED, GONE, CORDONED, DRAINED, UNCORDONED -> {}
            case ROLLOUT_BEGUN, ROLLOUT_PAUSED, ROLLOUT_RESUMED, ROLLOUT_UNDOING -> {}
            case ROLLOUT_DONE, ROLLOUT_UNDONE, ROLLOUT_FAILED -> {}
        }
    }

    private static Stay stay(String machine, List<Deed> before) {
        Optional<Deed> came = Optional.empty();
        boolean leaving = false;
        for (Deed deed : before) {
            if (deed.machineId().equals(machine)) {
                leaving = deed.what() == Deed.What.WITHDRAWN;
                boolean comes = deed.what() == Deed.What.PLACED || deed.what() == Deed.What.MOVED;
                came = comes ? Optional.of(deed) : came;
            }
        }
        return new Stay(machine, leaving, came);
    }

    /** What was wanted before that line: by the last wish before it, else as now. */
    private Optional<JobState> desired(int line) {
        for (int i = line - 1; i >= 0; i--) {
            if (lines.get(i).isWish()) {
                return lines.get(i).desired();
            }
        }
        boolean asked = lines.subList(line, lines.size()).stream().anyMatch(Deed::isWish);
        return asked ? Optional.empty() : desired;
    }
}
