package flotilla.fleet.schedule;

import flotilla.fleet.job.Machine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One machine with the units it has been given so far in a pass: their sums, so that asking whether
 * one more fits does not look at them all.
 */
final class Seat {
    private static final long SHARE_SCALE = 10_000;

    final Machine machine;
    private final TreeMap<String, Task> units = new TreeMap<>();
    private final TreeMap<String, Task> unitsWithConflicts = new TreeMap<>();
    private final TreeMap<String, Task> unitsThatReplace = new TreeMap<>();
    private final Map<String, Integer> family = new HashMap<>();
    private long memoryAsked;
    private long memoryCounted;
    private long milliCpusCounted;

    Seat(Machine machine) {
        this.machine = machine;
    }

    void take(Task task) {
        Demand demand = task.requirements().demand();
        units.put(task.name(), task);
        if (!task.requirements().conflicts().isEmpty()) {
            unitsWithConflicts.put(task.name(), task);
        }
        if (!task.requirements().replaces().isEmpty()) {
            unitsThatReplace.put(task.name(), task);
        }
        if (!task.family().isEmpty()) {
            family.merge(task.family(), 1, Integer::sum);
        }
        memoryAsked += demand.memoryBytes().orElse(0);
        memoryCounted += demand.memoryOrDefault();
        milliCpusCounted += demand.milliCpusOrDefault();
    }

    boolean has(String unit) {
        return units.containsKey(unit);
    }

    /** Why the unit can't start here; empty when it can. */
    Optional<String> refuses(Task task) {
        return condition(task)
                .or(() -> noRoom(task.requirements().demand(), memoryCounted - yielded(task)));
    }

    /** The units here that would have to leave if this one came. */
    List<Task> replacedBy(Task task) {
        return task.requirements().replaces().isEmpty()
                ? List.of()
                : units.values().stream().filter(task::replaces).toList();
    }

    private long yielded(Task task) {
        return replacedBy(task).stream()
                .mapToLong(replaced -> replaced.requirements().demand().memoryOrDefault())
                .sum();
    }

    /**
     * Why the unit that is here already can't stay. Counts only memory that was asked for: units
     * that ask for nothing never push one out that does.
     */
    Optional<String> evicts(Task task) {
        return condition(task).or(() -> noRoom(task.requirements().demand(), memoryAsked));
    }

    /** Why a global unit does not run here; room is no reason. */
    Optional<String> excludes(Task task) {
        return condition(task);
    }

    private Optional<String> condition(Task task) {
        Requirements wants = task.requirements();
        if (wants.machineId().isPresent() && !isMe(wants.machineId().get())) {
            return Optional.of("MachineID=" + wants.machineId().get() + " is another machine");
        }
        return metadata(wants.metadata())
                .or(() -> companion(wants.machineOf()))
                .or(() -> conflict(task))
                .or(() -> replacement(task));
    }

    private boolean isMe(String id) {
        return id.equals(machine.id()) || id.equals(machine.shortId());
    }

    private Optional<String> metadata(Map<String, Set<String>> wanted) {
        for (Map.Entry<String, Set<String>> entry : wanted.entrySet()) {
            String value = machine.metadata().get(entry.getKey());
            if (value == null || !entry.getValue().contains(value)) {
                String options = String.join("|", entry.getValue());
                return Optional.of("metadata " + entry.getKey() + "=" + options + " not met");
            }
        }
        return Optional.empty();
    }

    private Optional<String> companion(List<String> names) {
        return names.stream()
                .filter(name -> !units.containsKey(name))
                .findFirst()
                .map(name -> "MachineOf=" + name + " is not here");
    }

    private Optional<String> conflict(Task task) {
        if (!task.requirements().conflicts().isEmpty()) {
            for (String other : units.keySet()) {
                if (!other.equals(task.name()) && task.requirements().conflictsWith(other)) {
                    return Optional.of("conflicts with " + other);
                }
            }
        }
        for (Task other : unitsWithConflicts.values()) {
            if (!other.name().equals(task.name())
                    && other.requirements().conflictsWith(task.name())) {
                return Optional.of("conflicts with " + other.name());
            }
        }
        return Optional.empty();
    }

    private Optional<String> replacement(Task task) {
        return unitsThatReplace.values().stream()
                .filter(other -> other.replaces(task))
                .findFirst()
                .map(other -> "replaced by " + other.name());
    }

    private Optional<String> noRoom(Demand demand, long memoryTaken) {
        long memory = machine.capacity().memoryBytes();
        long milliCpus = machine.capacity().milliCpus();
        if (memory > 0 && demand.memoryBytes().isPresent()) {
            long wants = demand.memoryBytes().getAsLong();
            long free = Math.max(0, memory - memoryTaken);
            if (wants > free) {
                return Optional.of("needs " + Size.text(wants) + ", " + Size.text(free) + " free");
            }
        }
        if (milliCpus > 0 && demand.milliCpus().orElse(0) > milliCpus) {
            return Optional.of(
                    "needs %s CPUs, has %s"
                            .formatted(
                                    Size.cpus(demand.milliCpus().getAsLong()),
                                    Size.cpus(milliCpus)));
        }
        return Optional.empty();
    }

    int relatives(Task task) {
        return task.family().isEmpty() ? 0 : family.getOrDefault(task.family(), 0);
    }

    /** The larger of the shares of memory and CPU in use once the unit is here too. */
    long loadWith(Task task) {
        Demand demand = task.requirements().demand();
        return Math.max(
                share(memoryCounted + demand.memoryOrDefault(), machine.capacity().memoryBytes()),
                share(
                        milliCpusCounted + demand.milliCpusOrDefault(),
                        machine.capacity().milliCpus()));
    }

    private static long share(long taken, long total) {
        return total == 0
                ? 0
                : Math.multiplyHigh(taken, SHARE_SCALE) != 0
                        ? Long.MAX_VALUE
                        : taken * SHARE_SCALE / total;
    }

    int count() {
        return units.size();
    }
}
