package flotilla.fleet.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Puts units after others that they name; circles are broken somewhere. */
final class Companions {
    private final Roster roster;
    private final Predicate<Line> concerned;
    private final Function<Shape, List<String>> companions;
    private final Set<Line> visited = new HashSet<>();

    private record Visit(Line line, Iterator<String> companions) {}

    /**
     * @param concerned whether a unit that is named is one of those to be put in order
     */
    private Companions(
            Roster roster, Predicate<Line> concerned, Function<Shape, List<String>> companions) {
        this.roster = roster;
        this.concerned = concerned;
        this.companions = companions;
    }

    /** Who is to stay where it is: after those that it must be beside, whatever it would rather. */
    static Companions toStay(Roster roster, Predicate<Line> concerned) {
        return new Companions(roster, concerned, shape -> shape.wants.machineOf());
    }

    /** Who is to choose: also after those that it would rather be beside. */
    static Companions toChoose(Roster roster, Predicate<Line> concerned) {
        return new Companions(roster, concerned, shape -> shape.companions);
    }

    /** The same units, in the same order otherwise. */
    List<Line> first(Collection<Line> lines) {
        if (lines.stream().allMatch(line -> companions.apply(line.shape).isEmpty())) {
            return List.copyOf(lines);
        }
        List<Line> ordered = new ArrayList<>(lines.size());
        lines.forEach(line -> ordered.addAll(first(line)));
        return ordered;
    }

    /**
     * The unit, after those it follows; without those that were given out before. With a stack of
     * its own: a chain of MachineOf= is as long as somebody makes it.
     */
    List<Line> first(Line line) {
        List<Line> ordered = new ArrayList<>();
        Deque<Visit> path = new ArrayDeque<>();
        enter(line, path);
        while (!path.isEmpty()) {
            Visit last = path.getLast();
            if (last.companions().hasNext()) {
                enter(roster.find(last.companions().next()), path);
            } else {
                ordered.add(path.removeLast().line());
            }
        }
        return ordered;
    }

    private void enter(@Nullable Line line, Deque<Visit> path) {
        if (line != null && concerned.test(line) && visited.add(line)) {
            path.addLast(new Visit(line, companions.apply(line.shape).iterator()));
        }
    }
}
