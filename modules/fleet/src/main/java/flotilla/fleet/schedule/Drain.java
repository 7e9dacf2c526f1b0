package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which units of machines that are drained must stay there: a drain never stops a unit that runs
 * and has nowhere else to go, wherever it runs. First all leave; where that leaves a unit without a
 * machine, those that are to blame stay, and all is placed again, until nobody is stranded. Global
 * units stop there, unless one that stays asks for them with {@code MachineOf=}.
 */
final class Drain {
    /** How often all is placed again for the sake of the stranded; after that nobody leaves. */
    private static final int MAX_ROUNDS = 100;

    private static final String NOWHERE = "no other can have ";

    private final Map<String, Task> tasks;
    private final Set<String> machines;
    private final List<Task> leaving;
    private final Map<String, String> staying = new TreeMap<>();

    private Drain(SortedMap<String, Task> tasks, Collection<Machine> machines) {
        this.tasks = tasks;
        this.machines =
                machines.stream()
                        .filter(machine -> machine.eligibility() == Eligibility.DRAINING)
                        .map(Machine::id)
                        .collect(Collectors.toUnmodifiableSet());
        this.leaving = tasks.values().stream().filter(task -> isHere(task)).toList();
    }

    /**
     * @param pass places all, given the units that stay and why; gives back the machine of each
     *     that is not global
     */
    static void settle(
            SortedMap<String, Task> tasks,
            Collection<Machine> machines,
            Function<Map<String, String>, Map<String, String>> pass) {
        Drain drain = new Drain(tasks, machines);
        if (drain.leaving.isEmpty()) {
            var _ = pass.apply(Map.of());
        } else {
            drain.settle(pass);
        }
    }

    private void settle(Function<Map<String, String>, Map<String, String>> pass) {
        Map<String, String> before =
                pass.apply(leaving.stream().collect(Collectors.toMap(Task::name, _ -> "")));
        List<Task> running = tasks.values().stream().filter(task -> stays(task, before)).toList();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Map<String, String> now = pass.apply(staying);
            List<Task> stranded =
                    running.stream().filter(task -> !now.containsKey(task.name())).toList();
            int known = staying.size();
            stranded.forEach(task -> blame(task, now));
            if (stranded.isEmpty()) {
                return;
            }
            if (staying.size() == known) {
                break;
            }
        }
        leaving.stream()
                .filter(task -> !task.requirements().global())
                .forEach(task -> stay(task, NOWHERE + "all of its units"));
        var _ = pass.apply(staying);
    }

    private boolean isHere(Task task) {
        return task.current().stream().anyMatch(machines::contains);
    }

    private static boolean stays(Task task, Map<String, String> places) {
        String machine = places.get(task.name());
        return machine != null && task.current().contains(machine);
    }

    /** A unit elsewhere is only stranded by what came to its machine. */
    private void blame(Task stranded, Map<String, String> now) {
        if (isHere(stranded)) {
            stay(stranded, NOWHERE + "it");
            return;
        }
        String reason =
                "it would make %s leave its machine, and %sthat"
                        .formatted(stranded.name(), NOWHERE);
        leaving.stream()
                .filter(task -> stranded.current().contains(now.getOrDefault(task.name(), "")))
                .forEach(task -> stay(task, reason));
    }

    /** With all that its {@code MachineOf=} names: without them it could not. */
    private void stay(Task first, String why) {
        Deque<Task> path = new ArrayDeque<>(List.of(first));
        Set<String> seen = new HashSet<>(Set.of(first.name()));
        staying.putIfAbsent(first.name(), why);
        while (!path.isEmpty()) {
            Task task = path.removeLast();
            for (String name : task.requirements().machineOf()) {
                Task companion = tasks.get(name);
                if (companion != null && isHere(companion) && seen.add(name)) {
                    String reason = "%s stays too, and must be where it is".formatted(task.name());
                    staying.putIfAbsent(name, reason);
                    path.addLast(companion);
                }
            }
        }
    }
}
