package flotilla.fleet.schedule;

import flotilla.fleet.schedule.Clause.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The units that want a machine, each with its {@link Shape}. It holds every clause against the
 * names, and every name against the clauses, once, when either comes; from then on it costs a
 * look-up to ask whether two units clash.
 */
final class Roster {
    private final NavigableMap<String, Line> lines = new TreeMap<>();
    private final NavigableMap<String, Line> globals = new TreeMap<>();
    private final Clauses clauses = new Clauses();
    private final Map<Shape.Key, Shape> shapes = new HashMap<>();
    private final Waiting waiting;
    private int replacing;

    /**
     * @param waiting told when one of those that wait gets another shape
     */
    Roster(Waiting waiting) {
        this.waiting = waiting;
    }

    @Nullable Line find(String name) {
        return lines.get(name);
    }

    /** All units, by name. */
    Collection<Line> lines() {
        return Collections.unmodifiableCollection(lines.values());
    }

    /** Those that are global, by name. */
    Collection<Line> globals() {
        return Collections.unmodifiableCollection(globals.values());
    }

    /** Whether any unit replaces others. */
    boolean hasReplacing() {
        return replacing > 0;
    }

    /** A unit that is new, nowhere yet. */
    Line add(Task task) {
        write(task.requirements());
        Shape shape =
                shape(
                        new Shape.Key(
                                task.requirements(), task.family(), clauses.naming(task.name())));
        Line line = new Line(task.name(), shape);
        shape.units++;
        lines.put(line.name, line);
        if (shape.global()) {
            globals.put(line.name, line);
        }
        return line;
    }

    /** Another text of a unit; what is global stays so, and what is not too. */
    void change(Line line, Task task) {
        write(task.requirements());
        Shape before = line.shape;
        become(line, new Shape.Key(task.requirements(), task.family(), before.namedBy));
        erase(before);
    }

    /** A unit that is nowhere and does not wait. */
    void remove(Line line) {
        lines.remove(line.name);
        globals.remove(line.name);
        drop(line.shape);
        erase(line.shape);
    }

    /** Notes that one more unit writes the clauses; one that is new names units at once. */
    private void write(Requirements wants) {
        write(Kind.CONFLICTS, wants.conflicts());
        write(Kind.REPLACES, wants.replaces());
        write(Kind.AVOIDS, wants.preferences().avoidedUnits());
        replacing += wants.replaces().isEmpty() ? 0 : 1;
    }

    private void write(Kind kind, List<String> globs) {
        if (globs.isEmpty()) {
            return;
        }
        Clause clause = clauses.find(kind, globs);
        if (clause == null) {
            clause = clauses.add(kind, globs);
            for (Line line : Clauses.named(clause, lines)) {
                List<Clause> more = new ArrayList<>(line.shape.namedBy);
                more.add(clause);
                become(line, new Shape.Key(line.shape.wants, line.shape.family, more));
            }
        }
        clause.writers++;
    }

    private void erase(Shape shape) {
        erase(shape.conflicts);
        erase(shape.replaces);
        erase(shape.avoids);
        replacing -= shape.replaces == null ? 0 : 1;
    }

    private void erase(@Nullable Clause clause) {
        if (clause == null || --clause.writers > 0) {
            return;
        }
        clauses.remove(clause);
        for (Line line : Clauses.named(clause, lines)) {
            List<Clause> fewer = new ArrayList<>(line.shape.namedBy);
            fewer.remove(clause);
            become(line, new Shape.Key(line.shape.wants, line.shape.family, fewer));
        }
    }

    /** Where it sits and where it waits, it is counted as what it now is. */
    private void become(Line line, Shape.Key key) {
        Shape next = shape(key);
        if (next == line.shape) {
            return;
        }
        List<Seat> seats = new ArrayList<>(line.everywhere.values());
        if (line.seat != null) {
            seats.add(line.seat);
        }
        boolean waits = waiting.remove(line);
        seats.forEach(seat -> seat.remove(line));
        drop(line.shape);
        line.shape = next;
        next.units++;
        seats.forEach(seat -> seat.add(line));
        if (waits) {
            waiting.add(line);
        }
    }

    private Shape shape(Shape.Key key) {
        return shapes.computeIfAbsent(key, k -> new Shape(k, clauses));
    }

    private void drop(Shape shape) {
        if (--shape.units == 0) {
            shapes.remove(shape.key());
        }
    }
}
