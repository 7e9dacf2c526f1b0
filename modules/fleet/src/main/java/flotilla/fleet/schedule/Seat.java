package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One machine with the units that the board has given it: in sums and counts, so that asking
 * whether one more fits does not look at them all.
 */
final class Seat {
    /** Its place in arrays; that of a machine that is gone goes to the next one. */
    final int slot;

    private final Roster roster;
    private final List<Line> lines = new ArrayList<>();

    /** How many units here write a clause, and how many are named by it. */
    private final Map<Clause, Integer> written = new HashMap<>();

    private final Map<Clause, Integer> named = new HashMap<>();
    private final Map<String, Integer> families = new HashMap<>();
    private Machine machine;
    private long memoryAsked;
    private long memoryCounted;
    private long milliCpusCounted;

    Seat(int slot, Machine machine, Roster roster) {
        this.slot = slot;
        this.machine = machine;
        this.roster = roster;
    }

    String id() {
        return machine.id();
    }

    Machine machine() {
        return machine;
    }

    void becomes(Machine other) {
        machine = other;
    }

    boolean isDraining() {
        return machine.eligibility() == Eligibility.DRAINING;
    }

    /** The units here, in no order. */
    List<Line> lines() {
        return Collections.unmodifiableList(lines);
    }

    int count() {
        return lines.size();
    }

    boolean has(String unit) {
        Line line = roster.find(unit);
        return line != null && line.isOn(this);
    }

    void add(Line line) {
        lines.add(line);
        count(line.shape, 1);
    }

    void remove(Line line) {
        if (lines.remove(line)) {
            count(line.shape, -1);
        }
    }

    /** Takes all units away, and gives back which there were. */
    List<Line> clear() {
        List<Line> were = List.copyOf(lines);
        lines.clear();
        written.clear();
        named.clear();
        families.clear();
        memoryAsked = 0;
        memoryCounted = 0;
        milliCpusCounted = 0;
        return were;
    }

    private void count(Shape shape, int change) {
        tally(written, shape.conflicts, change);
        tally(written, shape.replaces, change);
        for (Clause clause : shape.namedBy) {
            tally(named, clause, change);
        }
        tally(families, shape.family.isEmpty() ? null : shape.family, change);
        Demand demand = shape.wants.demand();
        memoryAsked += change * demand.memoryBytes().orElse(0);
        memoryCounted += change * demand.memoryOrDefault();
        milliCpusCounted += change * demand.milliCpusOrDefault();
    }

    private static <K> void tally(Map<K, Integer> counts, @Nullable K key, int change) {
        if (key != null) {
            counts.merge(key, change, (was, more) -> was + more == 0 ? null : was + more);
        }
    }

    boolean clashes(Shape shape) {
        if (shape.conflicts != null && named.containsKey(shape.conflicts)) {
            return true;
        }
        return writesOneOf(shape.namedBy, Clause.Kind.CONFLICTS);
    }

    /** Whether a unit here makes those of the shape leave. */
    boolean replaces(Shape shape) {
        return writesOneOf(shape.namedBy, Clause.Kind.REPLACES)
                && lines.stream().anyMatch(line -> line.shape.replaces(shape));
    }

    private boolean writesOneOf(List<Clause> clauses, Clause.Kind kind) {
        if (written.isEmpty()) {
            return false;
        }
        for (Clause clause : clauses) {
            if (clause.kind == kind && written.containsKey(clause)) {
                return true;
            }
        }
        return false;
    }

    /** The units here that would have to leave if one of that shape came. */
    List<Line> replacedBy(Shape shape) {
        return shape.replaces == null || !named.containsKey(shape.replaces)
                ? List.of()
                : lines.stream().filter(line -> shape.replaces(line.shape)).toList();
    }

    /** What is left of its memory for one of that shape, in bytes. */
    long memoryFreeFor(Shape shape) {
        long yielded = 0;
        for (Line line : replacedBy(shape)) {
            yielded += line.shape.wants.demand().memoryOrDefault();
        }
        return Math.max(0, machine.capacity().memoryBytes() - memoryCounted + yielded);
    }

    /** What is left of its memory when units that ask for none count nothing, in bytes. */
    long memoryNotAskedFor() {
        return Math.max(0, machine.capacity().memoryBytes() - memoryAsked);
    }

    int relatives(Shape shape) {
        return shape.family.isEmpty() ? 0 : families.getOrDefault(shape.family, 0);
    }

    /** How many units here those of the shape would rather be without. */
    int avoided(Shape shape) {
        return shape.avoids == null ? 0 : named.getOrDefault(shape.avoids, 0);
    }

    long memoryCounted() {
        return memoryCounted;
    }

    long milliCpusCounted() {
        return milliCpusCounted;
    }
}
