package flotilla.fleet.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which units are to be seen to: those that something has happened to, and those whose time has
 * come. All others rest, so a pass takes as long as much has happened, however many units the
 * machine has.
 */
final class Agenda {
    private final SortedSet<String> due = new TreeSet<>();
    private final Map<String, Long> times = new HashMap<>();
    private final SortedSet<Wake> wakes = new TreeSet<>();

    private record Wake(long millis, String unit) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime != 0 ? byTime : unit.compareTo(other.unit);
        }
    }

    void add(String unit) {
        due.add(unit);
    }

    void addAll(Collection<String> units) {
        due.addAll(units);
    }

    /** Those whose turn it is, in order of their names. */
    Collection<String> due() {
        return due;
    }

    /** The same, who rest from now on unless {@link #wakeAt} says otherwise. */
    List<String> take(long now) {
        while (!wakes.isEmpty() && wakes.first().millis <= now) {
            due.add(wakes.first().unit);
            forget(wakes.first().unit);
        }
        List<String> turn = new ArrayList<>(due);
        turn.forEach(this::forget);
        due.clear();
        return turn;
    }

    private void forget(String unit) {
        Long millis = times.remove(unit);
        if (millis != null) {
            wakes.remove(new Wake(millis, unit));
        }
    }

    /** The unit's turn comes at that time, if not before. */
    void wakeAt(String unit, long millis) {
        Long before = times.get(unit);
        if (millis != Long.MAX_VALUE && (before == null || millis < before)) {
            forget(unit);
            times.put(unit, millis);
            wakes.add(new Wake(millis, unit));
        }
    }

    /** When the next turn comes by itself. */
    long nextMillis() {
        return wakes.isEmpty() ? Long.MAX_VALUE : wakes.first().millis;
    }
}
