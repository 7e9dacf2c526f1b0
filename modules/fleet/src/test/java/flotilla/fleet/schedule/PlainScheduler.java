package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.units.Glob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a board must say, worked out the long way: from all units and machines, each unit held
 * against each machine, with no index and no memory of an earlier answer.
 */
final class PlainScheduler {
    private static final int MAX_ROUNDS = 100;

    private final SortedMap<String, Task> tasks;
    private final Map<String, PlainSeat> seats = new TreeMap<>();
    private final Map<String, Placement> placed = new TreeMap<>();
    private final Map<String, Set<String>> global = new TreeMap<>();
    private final Map<String, String> displaced = new HashMap<>();
    private final Map<String, String> staying;
    private final Map<String, Placement> arrived;
    private final Map<String, Placement> replacing = new HashMap<>();

    private PlainScheduler(
            SortedMap<String, Task> tasks,
            Collection<Machine> machines,
            Map<String, String> staying,
            Map<String, Placement> arrived) {
        this.tasks = tasks;
        this.staying = staying;
        this.arrived = arrived;
        machines.forEach(machine -> seats.put(machine.id(), new PlainSeat(machine)));
    }

    /**
     * @param global the machines of each global unit
     */
    record Answer(Map<String, Placement> placed, Map<String, Set<String>> global) {}

    static Answer place(Collection<Task> tasks, Collection<Machine> machines) {
        SortedMap<String, Task> byName = new TreeMap<>();
        tasks.forEach(task -> byName.put(task.name(), task));
        List<PlainScheduler> last = new ArrayList<>();
        Drain.settle(
                byName,
                machines,
                staying -> {
                    PlainScheduler pass = settle(byName, machines, staying);
                    last.add(pass);
                    Map<String, String> places = new HashMap<>();
                    pass.placed.forEach((unit, place) -> places.put(unit, place.machineId()));
                    return places;
                });
        return new Answer(last.getLast().placed, last.getLast().global);
    }

    private static PlainScheduler settle(
            SortedMap<String, Task> tasks,
            Collection<Machine> machines,
            Map<String, String> staying) {
        PlainScheduler scheduler = new PlainScheduler(tasks, machines, staying, Map.of());
        scheduler.place();
        for (int round = 0; round < MAX_ROUNDS && !scheduler.replacing.isEmpty(); round++) {
            Map<String, Placement> arrived = new HashMap<>(scheduler.arrived);
            arrived.putAll(scheduler.replacing);
            scheduler = new PlainScheduler(tasks, machines, staying, arrived);
            scheduler.place();
        }
        return scheduler;
    }

    private void place() {
        List<Task> single = new ArrayList<>();
        for (Task task : tasks.values()) {
            if (task.requirements().global()) {
                spread(task);
            } else {
                single.add(task);
            }
        }
        single.sort(
                Comparator.comparing((Task task) -> task.requirements().replaces().isEmpty())
                        .thenComparing(Task::name));
        seats.keySet()
                .forEach(machine ->
                        inOrder(
                                        single.stream()
                                                .filter(task -> origin(task).equals(machine))
                                                .toList())
                                .forEach(this::keep));
        single.stream()
                .filter(task -> !origin(task).isEmpty() && !seats.containsKey(origin(task)))
                .forEach(task -> displaced.put(task.name(), "its machine is gone"));
        single.sort(
                Comparator.comparingLong(
                                (Task task) -> -task.requirements().demand().memoryOrDefault())
                        .thenComparing(Task::name));
        inOrder(single).forEach(this::find);
    }

    private String origin(Task task) {
        Placement arrival = arrived.get(task.name());
        return arrival == null
                ? task.current().stream().findFirst().orElse("")
                : arrival.machineId();
    }

    private void spread(Task task) {
        Set<String> machines = new TreeSet<>();
        for (PlainSeat seat : seats.values()) {
            boolean there = task.current().contains(seat.machine().id());
            boolean draining = seat.machine().eligibility() == Eligibility.DRAINING;
            boolean stays = there && (!draining || staying.containsKey(task.name()));
            if (seat.condition(task).isEmpty() && (stays || seat.closed().isEmpty())) {
                seat.units().add(task);
                machines.add(seat.machine().id());
            }
        }
        global.put(task.name(), machines);
    }

    private void keep(Task task) {
        PlainSeat seat = Objects.requireNonNull(seats.get(origin(task)));
        boolean draining = seat.machine().eligibility() == Eligibility.DRAINING;
        Optional<String> reason =
                draining && !staying.containsKey(task.name())
                        ? Optional.of("its machine is drained")
                        : seat.evicts(task);
        if (reason.isPresent()) {
            displaced.put(task.name(), reason.get());
            return;
        }
        seat.units().add(task);
        String why =
                draining
                        ? "its machine is drained, but " + staying.getOrDefault(task.name(), "")
                        : "stays";
        placed.put(
                task.name(),
                arrived.getOrDefault(task.name(), new Placement(seat.machine().id(), why)));
    }

    private void find(Task task) {
        if (placed.containsKey(task.name())) {
            return;
        }
        List<PlainSeat> fitting =
                candidates(task).stream().filter(seat -> seat.refuses(task).isEmpty()).toList();
        Optional<PlainSeat> best =
                fitting.stream()
                        .min(
                                Comparator.comparingLong((PlainSeat seat) -> seat.relatives(task))
                                        .thenComparingLong(seat -> seat.loadWith(task))
                                        .thenComparingInt(seat -> seat.units().size())
                                        .thenComparing(seat -> seat.machine().id()));
        if (best.isEmpty()) {
            return;
        }
        boolean makesOthersLeave =
                !arrived.containsKey(task.name()) && !best.get().replacedBy(task).isEmpty();
        best.get().units().add(task);
        String cause = displaced.getOrDefault(task.name(), "");
        String choice =
                fitting.size() == 1 ? "the one machine that fits" : "best of " + fitting.size();
        Placement placement =
                new Placement(
                        best.get().machine().id(),
                        cause.isEmpty() ? choice : cause + "; " + choice);
        placed.put(task.name(), placement);
        if (makesOthersLeave) {
            replacing.put(task.name(), placement);
        }
    }

    private Collection<PlainSeat> candidates(Task task) {
        for (String companion : task.requirements().machineOf()) {
            Placement there = placed.get(companion);
            if (there != null) {
                return List.of(seats.get(there.machineId()));
            }
        }
        return seats.values();
    }

    private List<Task> inOrder(List<Task> given) {
        Set<String> among = new HashSet<>();
        given.forEach(task -> among.add(task.name()));
        List<Task> ordered = new ArrayList<>();
        Set<String> visited = new HashSet<>();
        for (Task first : given) {
            Deque<Task> path = new ArrayDeque<>();
            Deque<Iterator<String>> companions = new ArrayDeque<>();
            Optional<Task> next = Optional.of(first);
            while (next.isPresent() || !path.isEmpty()) {
                if (next.isPresent() && visited.add(next.get().name())) {
                    path.addLast(next.get());
                    companions.addLast(next.get().requirements().machineOf().iterator());
                }
                next = Optional.empty();
                if (path.isEmpty()) {
                    break;
                }
                if (companions.getLast().hasNext()) {
                    String name = companions.getLast().next();
                    next =
                            among.contains(name)
                                    ? Optional.ofNullable(tasks.get(name))
                                    : Optional.empty();
                } else {
                    companions.removeLast();
                    ordered.add(path.removeLast());
                }
            }
        }
        return ordered;
    }

    /** A machine with the units it was given so far. */
    private record PlainSeat(Machine machine, List<Task> units) {
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
                            .mapToLong(
                                    other -> other.requirements().demand().memoryBytes().orElse(0))
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
                                        Size.text(demand.memoryBytes().getAsLong()),
                                        Size.text(free)));
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
}
