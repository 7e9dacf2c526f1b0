package flotilla.fleet.schedule;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A line of the {@link Roster}: a unit, what the cluster says of it, and where the board has it.
 */
final class Line {
    final String name;

    /** What it asks for; changes when somebody comes who names it, too. */
    Shape shape;

    /** The machines that have it, as the cluster says; at most one unless it is global. */
    Set<String> told = Set.of();

    /** Where the board has a unit that is not global; null while it waits. */
    @Nullable Seat seat;

    /** Where the board has a global unit, by machine; empty for any other. */
    final SortedMap<String, Seat> everywhere;

    /** Why it left the machine that it had, or stays on one that is drained; else empty. */
    String cause = "";

    /** How the board chose its machine; null once it is there. */
    @Nullable Choice choice;

    /** Where it was when {@link #hasMoved} was last asked. */
    private String before = "";

    Line(String name, Shape shape) {
        this.name = name;
        this.shape = shape;
        this.everywhere =
                shape.global()
                        ? new TreeMap<>()
                        : Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    boolean isOn(Seat other) {
        return seat == other || everywhere.get(other.id()) == other;
    }

    /** Two units that name each other leave each other alone, as in the original. */
    boolean replaces(Line other) {
        return other != this && shape.replaces(other.shape);
    }

    void stays(String why) {
        cause = why;
        choice = null;
    }

    /** Whether it is elsewhere than when this was last asked. */
    boolean hasMoved() {
        String now = seat == null ? String.join(" ", everywhere.keySet()) : seat.id();
        boolean moved = !now.equals(before);
        before = now;
        return moved;
    }

    /** Why it is where it is. */
    String reason() {
        if (choice == null) {
            return cause.isEmpty() ? "stays" : cause;
        }
        String best =
                choice.fitting == 1 ? "the one machine that fits" : "best of " + choice.fitting;
        return cause.isEmpty() ? best : cause + "; " + best;
    }
}
