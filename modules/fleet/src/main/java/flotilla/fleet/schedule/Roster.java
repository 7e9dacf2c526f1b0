package flotilla.fleet.schedule;

import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The units of a pass, numbered in order of their names, and which of them each list of globs
 * names. Every such list is held against the names once, so that it costs a bit to ask whether two
 * units clash, and not a match for each pair on each machine.
 */
final class Roster {
    private static final BitSet NOBODY = new BitSet();

    private final List<String> names;
    private final Map<String, Line> lines = new HashMap<>();
    private final List<Line> byNumber = new ArrayList<>();
    private final Map<List<String>, BitSet> named = new HashMap<>();

    /**
     * A unit with its place in the roster.
     *
     * @param conflicts the numbers of the units that its {@code Conflicts=} names; the same object
     *     for the same globs
     * @param replaces as well, of {@code Replaces=}
     */
    record Line(int number, Task task, BitSet conflicts, BitSet replaces) {
        /** Two units that name each other leave each other alone, as in the original. */
        boolean replaces(Line other) {
            return replaces.get(other.number)
                    && !other.replaces.get(number)
                    && !other.task.requirements().global()
                    && other.number != number;
        }
    }

    Roster(SortedMap<String, Task> tasks) {
        names = List.copyOf(tasks.keySet());
        for (Task task : tasks.values()) {
            Requirements wants = task.requirements();
            Line line =
                    new Line(
                            byNumber.size(),
                            task,
                            named(wants.conflicts()),
                            named(wants.replaces()));
            byNumber.add(line);
            lines.put(task.name(), line);
        }
    }

    /** Fails for a unit that is not of this pass. */
    Line line(Task task) {
        Line line = find(task.name());
        if (line == null) {
            throw new IllegalArgumentException(task.name() + " is no unit of this pass");
        }
        return line;
    }

    @Nullable Line find(String name) {
        return lines.get(name);
    }

    Line line(int number) {
        return byNumber.get(number);
    }

    private BitSet named(List<String> globs) {
        return globs.isEmpty() ? NOBODY : named.computeIfAbsent(globs, this::match);
    }

    private BitSet match(List<String> globs) {
        BitSet found = new BitSet();
        for (String glob : globs) {
            String begin = Glob.literalPrefix(glob);
            String part = Glob.literalPart(glob);
            int at = Collections.binarySearch(names, begin);
            for (int i = at < 0 ? -at - 1 : at;
                    i < names.size() && names.get(i).startsWith(begin);
                    i++) {
                String name = names.get(i);
                if (!found.get(i) && name.contains(part) && Glob.matches(glob, name)) {
                    found.set(i);
                }
            }
        }
        return found;
    }
}
