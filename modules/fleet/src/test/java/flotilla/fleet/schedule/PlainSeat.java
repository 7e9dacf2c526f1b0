package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A machine with the units it was given so far. */
record PlainSeat(Machine machine, List<Task> units) {
    PlainSeat(Machine machine) {
        this(machine, new ArrayList<>());
    }

    Optional<String> refuses(Task task) {
        long yielded =
                replacedBy(task).stream()
                        .mapToLong(other -> other.requirements().demand().memoryOrDefault())
                        .sum();
        long taken =
                units.stream()
                        .mapToLong(other -> other.requirements().demand().memoryOrDefault())
                        .sum();
        return condition(task).or(() -> noRoom(task, taken - yielded)).or(this::closed);
    }

    Optional<String> evicts(Task task) {
        long asked =
                units.stream()
                        .mapToLong(other -> other.requirements().demand().memoryBytes().orElse(0))
                        .sum();
        return condition(task).or(() -> noRoom(task, asked));
    }

    Optional<String> closed() {
        return machine.eligibility() == Eligibility.READY
                ? Optional.empty()
                : Optional.of("is " + machine.eligibility().text());
    }

    Optional<String> condition(Task task) {
        Requirements wants = task.requirements();
        String id = wants.machineId().orElse(machine.id());
        if (!id.equals(machine.id()) && !id.equals(machine.shortId())) {
            return Optional.of("MachineID=" + id + " is another machine");
        }
        for (Map.Entry<String, Set<String>> label : wants.metadata().entrySet()) {
            String value = machine.metadata().get(label.getKey());
            if (value == null || !label.getValue().contains(value)) {
                return Optional.of(
                        "metadata %s=%s not met"
                                .formatted(label.getKey(), String.join("|", label.getValue())));
            }
        }
        return wants.machineOf().stream()
                .filter(name -> units.stream().noneMatch(unit -> unit.name().equals(name)))
                .findFirst()
                .map(name -> "MachineOf=" + name + " is not here")
                .or(() -> first(other -> conflicts(task, other)))
                .or(() -> first(other -> conflicts(other, task)))
                .or(() ->
                        names().filter(other -> replaces(other, task))
                                .findFirst()
                                .map(other -> "replaced by " + other.name()));
    }

    private Stream<Task> names() {
        return units.stream().sorted(Comparator.comparing(Task::name));
    }

    private Optional<String> first(Predicate<Task> clashes) {
        return names().filter(clashes).findFirst().map(o -> "conflicts with " + o.name());
    }

    List<Task> replacedBy(Task task) {
        return units.stream().filter(other -> replaces(task, other)).toList();
    }

    private static boolean conflicts(Task one, Task other) {
        return matches(one.requirements().conflicts(), other);
    }

    private static boolean replaces(Task one, Task other) {
        return !one.name().equals(other.name())
                && matches(one.requirements().replaces(), other)
                && !matches(other.requirements().replaces(), one)
                && !other.requirements().global();
    }

    private static boolean matches(List<String> globs, Task task) {
        return globs.stream().anyMatch(glob -> Glob.matches(glob, task.name()));
    }

    private Optional<String> noRoom(Task task, long taken) {
        Demand demand = task.requirements().demand();
        long memory = machine.capacity().memoryBytes();
        long milliCpus = machine.capacity().milliCpus();
        long free = Math.max(0, memory - taken);
        if (memory > 0 && demand.memoryBytes().orElse(0) > free) {
            return Optional.of(
                    "needs %s, %s free"
                            .formatted(
                                    Size.text(demand.memoryBytes().getAsLong()), Size.text(free)));
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

    Optional<String> label(String key) {
        return Optional.ofNullable(machine.metadata().get(key));
    }

    long labels(Map<String, Set<String>> wanted) {
        return wanted.entrySet().stream()
                .filter(any -> label(any.getKey()).filter(any.getValue()::contains).isPresent())
                .count();
    }

    long named(List<String> globs) {
        return units.stream().filter(unit -> matches(globs, unit)).count();
    }

    long relatives(Task task) {
        return task.family().isEmpty()
                ? 0
                : units.stream().filter(u -> u.family().equals(task.family())).count();
    }

    long loadWith(Task task) {
        long memory = task.requirements().demand().memoryOrDefault();
        long milliCpus = task.requirements().demand().milliCpusOrDefault();
        for (Task unit : units) {
            memory += unit.requirements().demand().memoryOrDefault();
            milliCpus += unit.requirements().demand().milliCpusOrDefault();
        }
        return Math.max(
                share(memory, machine.capacity().memoryBytes()),
                share(milliCpus, machine.capacity().milliCpus()));
    }

    private static long share(long taken, long total) {
        return total == 0 ? 0 : taken * 10_000 / total;
    }
}
