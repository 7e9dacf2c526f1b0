package flotilla.fleet.schedule;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The shapes of units that have no machine. A shape that was refused by every machine is
 * <em>blocked</em>: nothing but a change at some machine can help it, and whatever comes to it
 * meanwhile is blocked too. The others are <em>new</em>.
 */
final class Waiting {
    private final Set<Shape> fresh = new LinkedHashSet<>();
    private final Set<Shape> blocked = new LinkedHashSet<>();

    /** Shapes that choose after a unit, by its name. */
    private final Map<String, Set<Shape>> followers = new HashMap<>();

    void add(Line line) {
        Shape shape = line.shape;
        if (shape.waiting.isEmpty()) {
            for (String companion : shape.companions) {
                followers.computeIfAbsent(companion, _ -> new LinkedHashSet<>()).add(shape);
            }
        }
        shape.waiting.put(line.name, line);
        if (!shape.blocked) {
            fresh.add(shape);
        }
    }

    /** Whether it was there. */
    boolean remove(Line line) {
        Shape shape = line.shape;
        if (shape.waiting.remove(line.name) == null) {
            return false;
        }
        if (shape.waiting.isEmpty()) {
            fresh.remove(shape);
            blocked.remove(shape);
            shape.blocked = false;
            for (String companion : shape.companions) {
                followers.computeIfPresent(
                        companion,
                        (_, shapes) -> shapes.remove(shape) && shapes.isEmpty() ? null : shapes);
            }
        }
        return true;
    }

    boolean hasNew() {
        return !fresh.isEmpty();
    }

    /** Whether somebody who waits must or would rather be beside a unit of that name. */
    boolean isFollowed(String name) {
        return followers.containsKey(name);
    }

    /** Counts no answer any more. */
    void forget() {
        blocked.forEach(shape -> shape.blocked = false);
        fresh.addAll(blocked);
        blocked.clear();
    }

    /**
     * The shapes that may find a machine now: the new ones, those that one of the changed machines
     * would have, and those that follow a unit which may find one, or have it choose first.
     */
    Set<Shape> woken(Collection<Seat> changed) {
        Set<Shape> woken = new LinkedHashSet<>(fresh);
        for (Shape shape : blocked) {
            for (Seat seat : changed) {
                if (Check.allHold(Check.ARRIVAL, seat, shape)) {
                    woken.add(shape);
                    break;
                }
            }
        }
        if (!followers.isEmpty()) {
            wakeFollowers(woken);
        }
        return Collections.unmodifiableSet(woken);
    }

    private void wakeFollowers(Set<Shape> woken) {
        Deque<Shape> leaders = new ArrayDeque<>(woken);
        while (!leaders.isEmpty()) {
            for (String leader : leaders.removeLast().waiting.keySet()) {
                for (Shape follower : followers.getOrDefault(leader, Set.of())) {
                    if (woken.add(follower)) {
                        leaders.addLast(follower);
                    }
                }
            }
        }
    }

    /** All that could find a machine has: who still waits is blocked. */
    void settled() {
        fresh.forEach(shape -> shape.blocked = true);
        blocked.addAll(fresh);
        fresh.clear();
    }
}
