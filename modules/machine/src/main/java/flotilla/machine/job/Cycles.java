package flotilla.machine.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Jobs that wait for each other in a circle. In time proportional to the jobs and their order. */
final class Cycles {
    private final JobGraph graph;

    /** The jobs that are in a cycle or wait for one, and those of each that they wait for. */
    private final Map<String, List<String>> tied = new HashMap<>();

    private Cycles(JobGraph graph) {
        this.graph = graph;
    }

    /**
     * Some cycles without a common member; none when there is none.
     *
     * @return of each its members, the one that waits before the one that it waits for
     */
    static List<List<String>> in(JobGraph graph) {
        Cycles cycles = new Cycles(graph);
        cycles.tie(_ -> false);
        List<List<String>> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String unit : graph.units()) {
            if (cycles.tied.containsKey(unit)) {
                cycles.walk(unit, seen).ifPresent(found::add);
            }
        }
        return found;
    }

    /** What a queue in which no job may run can do about it. */
    record Deadlock(boolean isCyclic, Optional<String> next) {}

    /**
     * @param isRunning jobs that wait for nobody any more
     * @return which job may go on though it waits: the first of a cycle that no running job holds
     */
    static Deadlock deadlock(JobGraph graph, Predicate<String> isRunning) {
        Cycles cycles = new Cycles(graph);
        cycles.tie(isRunning);
        boolean cyclic = !cycles.tied.isEmpty();
        cycles.leaveThoseThatMove();
        Set<String> seen = new HashSet<>();
        for (String unit : graph.units()) {
            Optional<List<String>> cycle =
                    cycles.tied.containsKey(unit) ? cycles.walk(unit, seen) : Optional.empty();
            if (cycle.isPresent()) {
                Set<String> members = Set.copyOf(cycle.get());
                return new Deadlock(
                        true, graph.units().stream().filter(members::contains).findFirst());
            }
        }
        return new Deadlock(cyclic, Optional.empty());
    }

    /** Takes away whatever waits for nobody, again and again: what is left is tied. */
    private void tie(Predicate<String> isRunning) {
        Map<String, Integer> open = new HashMap<>();
        Deque<String> free = new ArrayDeque<>();
        for (String unit : graph.units()) {
            int awaited = isRunning.test(unit) ? 0 : graph.awaited(unit).size();
            open.put(unit, awaited);
            if (awaited == 0) {
                free.add(unit);
            }
        }
        while (!free.isEmpty()) {
            String ended = free.remove();
            open.remove(ended);
            for (String unit : graph.awaiting(ended)) {
                Integer left = open.computeIfPresent(unit, (_, count) -> count - 1);
                if (left != null && left == 0) {
                    free.add(unit);
                }
            }
        }
        open.keySet().forEach(unit -> tied.put(unit, graph.awaited(unit)));
    }

    /** Those that wait for a job outside of all cycles too wait rightly, and so does who waits. */
    private void leaveThoseThatMove() {
        Deque<String> moving = new ArrayDeque<>();
        for (Map.Entry<String, List<String>> each : tied.entrySet()) {
            if (!tied.keySet().containsAll(each.getValue())) {
                moving.add(each.getKey());
            }
        }
        while (!moving.isEmpty()) {
            String unit = moving.remove();
            if (tied.remove(unit) != null) {
                moving.addAll(graph.awaiting(unit));
            }
        }
    }

    /** From one to the next until one comes again; empty when another walk was there before. */
    private Optional<List<String>> walk(String from, Set<String> seen) {
        Set<String> path = new LinkedHashSet<>();
        String at = from;
        while (seen.add(at)) {
            path.add(at);
            at =
                    Objects.requireNonNull(tied.get(at)).stream()
                            .filter(tied::containsKey)
                            .findFirst()
                            .orElseThrow();
        }
        if (!path.contains(at)) {
            return Optional.empty();
        }
        List<String> all = List.copyOf(path);
        return Optional.of(all.subList(all.indexOf(at), all.size()));
    }
}
