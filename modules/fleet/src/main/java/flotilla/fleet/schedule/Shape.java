package flotilla.fleet.schedule;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    final @Nullable Clause avoids;

    /** Units that it must or would rather be beside: they choose their machine first. */
    final List<String> companions;

    /** What decides between machines that can all have it; the first weighs most. */
    final List<Ranking> rankings;

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

    /**
     * @param clauses finds the clauses that its units write
     */
    Shape(Key key, Clauses clauses) {
        this.wants = key.wants();
        this.family = key.family();
        this.namedBy = List.copyOf(key.namedBy());
        this.conflicts = clauses.find(Clause.Kind.CONFLICTS, wants.conflicts());
        this.replaces = clauses.find(Clause.Kind.REPLACES, wants.replaces());
        this.avoids = clauses.find(Clause.Kind.AVOIDS, wants.preferences().avoidedUnits());
        List<String> preferred = wants.preferences().units();
        this.companions =
                preferred.isEmpty()
                        ? wants.machineOf()
                        : Stream.concat(wants.machineOf().stream(), preferred.stream()).toList();
        this.rankings = Ranking.of(wants.preferences(), family);
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
