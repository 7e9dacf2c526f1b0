package flotilla.fleet.schedule;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that decides whether a machine can have a unit: what it asks for, and by which clauses others
 * name it. Units of one shape are the same to every machine that has none of them, so that one
 * answer does for all.
 */
final class Shape {
    final Requirements wants;

    /** What template its units are instances of; empty for plain ones. */
    final String family;

    final @Nullable Clause conflicts;
    final @Nullable Clause replaces;

    /** The clauses that name its units, by number. */
    final List<Clause> namedBy;

    /** Its units without a machine, by name. */
    final NavigableMap<String, Line> waiting = new TreeMap<>();

    /** Whether no machine can have its waiting units, as of the last time the board was settled. */
    boolean blocked;

    /** How many units have it. */
    int units;

    /** What two units must agree in to have one shape. */
    record Key(Requirements wants, String family, List<Clause> namedBy) {}

    Shape(Key key, @Nullable Clause conflicts, @Nullable Clause replaces) {
        this.wants = key.wants();
        this.family = key.family();
        this.namedBy = List.copyOf(key.namedBy());
        this.conflicts = conflicts;
        this.replaces = replaces;
    }

    Key key() {
        return new Key(wants, family, namedBy);
    }

    boolean global() {
        return wants.global();
    }

    /** Whether it must be beside others. */
    boolean follows() {
        return !wants.machineOf().isEmpty();
    }

    /** Whether others name its units by that clause. */
    boolean isNamedBy(@Nullable Clause clause) {
        return clause != null && namedBy.contains(clause);
    }

    /** Whether one of its units, where it comes, makes another one leave. */
    boolean replaces(Shape other) {
        return other.isNamedBy(replaces) && !isNamedBy(other.replaces) && !other.global();
    }

    boolean clashes(Shape other) {
        return other.isNamedBy(conflicts) || isNamedBy(other.conflicts);
    }
}
