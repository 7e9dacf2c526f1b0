package flotilla.fleet.schedule;

import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import flotilla.units.Preferences;
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
import java.util.function.Function;

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

    /** Where units are as the facts say, which are to come to another machine. */
    private final Map<String, String> homes;

    /** Those of them that can't have that one. */
    private final Set<String> sentHome = new HashSet<>();

    private final Map<String, Placement> replacing = new HashMap<>();

    /**
     * @param homes where units are that were to come to the machine that they are taken to have
     */
    private record Facts(
            SortedMap<String, Task> tasks,
            Collection<Machine> machines,
            Map<String, String> homes) {}

    private PlainScheduler(
            Facts facts, Map<String, String> staying, Map<String, Placement> arrived) {
        this.tasks = facts.tasks();
        this.staying = staying;
        this.arrived = arrived;
        this.homes = facts.homes();
        facts.machines().forEach(machine -> seats.put(machine.id(), new PlainSeat(machine)));
    }

    /**
     * @param global the machines of each global unit
     */
    record Answer(Map<String, Placement> placed, Map<String, Set<String>> global) {}

    static Answer place(Collection<Task> tasks, Collection<Machine> machines) {
        return place(tasks, machines, Map.of());
    }

    /**
     * @param homes where units are that were to come to the machine that they are taken to have
     */
    static Answer place(
            Collection<Task> tasks, Collection<Machine> machines, Map<String, String> homes) {
        SortedMap<String, Task> byName = new TreeMap<>();
        tasks.forEach(task -> byName.put(task.name(), task));
        Facts facts = new Facts(byName, machines, homes);
        List<PlainScheduler> last = new ArrayList<>();
        Drain.settle(
                byName,
                machines,
                staying -> {
                    PlainScheduler pass = settle(facts, staying);
                    last.add(pass);
                    Map<String, String> places = new HashMap<>();
                    pass.placed.forEach((unit, place) -> places.put(unit, place.machineId()));
                    return places;
                });
        return new Answer(last.getLast().placed, last.getLast().global);
    }

    private static PlainScheduler settle(Facts facts, Map<String, String> staying) {
        PlainScheduler scheduler = new PlainScheduler(facts, staying, Map.of());
        scheduler.place();
        for (int round = 0; round < MAX_ROUNDS && !scheduler.replacing.isEmpty(); round++) {
            Map<String, Placement> arrived = new HashMap<>(scheduler.arrived);
            arrived.putAll(scheduler.replacing);
            scheduler = new PlainScheduler(facts, staying, arrived);
            scheduler.place();
        }
        return scheduler;
    }

    private void place() {
        List<Task> single =
                new ArrayList<>(
                        tasks.values().stream()
                                .filter(task -> !task.requirements().global())
                                .toList());
        while (!remain(single)) {
            // Somebody is asked at home, as if it had never been elsewhere.
        }
        single.stream()
                .filter(task -> !origin(task).isEmpty() && !seats.containsKey(origin(task)))
                .forEach(task -> displaced.put(task.name(), "its machine is gone"));
        single.sort(
                Comparator.comparingLong(
                                (Task task) -> -task.requirements().demand().memoryOrDefault())
                        .thenComparing(Task::name));
        single.removeIf(task -> placed.containsKey(task.name()));
        inOrder(single, PlainScheduler::companions).forEach(this::find);
    }

    /** Whether nobody has to be asked elsewhere. */
    private boolean remain(List<Task> single) {
        seats.values().forEach(seat -> seat.units().clear());
        placed.clear();
        displaced.clear();
        tasks.values().stream().filter(task -> task.requirements().global()).forEach(this::spread);
        single.sort(
                Comparator.comparing((Task task) -> task.requirements().replaces().isEmpty())
                        .thenComparing(Task::name));
        seats.keySet()
                .forEach(machine ->
                        inOrder(
                                        single.stream()
                                                .filter(task -> origin(task).equals(machine))
                                                .toList(),
                                        task -> task.requirements().machineOf())
                                .forEach(this::keep));
        return !sentHome.addAll(
                displaced.keySet().stream()
                        .filter(unit -> seats.containsKey(homes.getOrDefault(unit, "")))
                        .toList());
    }

    private String origin(Task task) {
        if (sentHome.contains(task.name())) {
            return homes.getOrDefault(task.name(), "");
        }
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
        List<PlainSeat> fitting =
                candidates(task).stream().filter(seat -> seat.refuses(task).isEmpty()).toList();
        Optional<PlainSeat> best =
                fitting.stream()
                        .min(
                                preferred(task)
                                        .thenComparing(usual(task))
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

    private static Comparator<PlainSeat> usual(Task task) {
        Comparator<PlainSeat> relatives =
                Comparator.comparingLong((PlainSeat seat) -> seat.relatives(task));
        Comparator<PlainSeat> load =
                Comparator.comparingLong((PlainSeat seat) -> seat.loadWith(task));
        Comparator<PlainSeat> fullest =
                Comparator.comparing((PlainSeat seat) -> seat.loadWith(task) > 10_000)
                        .thenComparingLong(seat ->
                                seat.loadWith(task) > 10_000
                                        ? seat.loadWith(task)
                                        : -seat.loadWith(task));
        return (task.requirements().preferences().packed().orElse(false)
                        ? fullest.thenComparing(relatives)
                        : relatives.thenComparing(load))
                .thenComparingInt(seat -> seat.units().size());
    }

    private Comparator<PlainSeat> preferred(Task task) {
        Preferences wishes = task.requirements().preferences();
        String key = task.family().isEmpty() ? "" : wishes.spreadOver().orElse("");
        return Comparator.comparing(
                        (PlainSeat seat) -> !key.isEmpty() && !seat.label(key).isPresent())
                .thenComparingLong(seat ->
                        key.isEmpty()
                                ? 0
                                : seats.values().stream()
                                        .filter(o -> o.label(key).equals(seat.label(key)))
                                        .mapToLong(o -> o.relatives(task))
                                        .sum())
                .thenComparingLong(seat -> seat.named(wishes.avoidedUnits()))
                .thenComparingLong(seat -> seat.labels(wishes.avoidedMetadata()))
                .thenComparingLong(seat -> -seat.named(wishes.units()))
                .thenComparingLong(seat -> -seat.labels(wishes.metadata()));
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

    private List<Task> inOrder(List<Task> given, Function<Task, List<String>> companionsOf) {
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
                    companions.addLast(companionsOf.apply(next.get()).iterator());
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

    private static List<String> companions(Task task) {
        List<String> names = new ArrayList<>(task.requirements().machineOf());
        names.addAll(task.requirements().preferences().units());
        return names;
    }
}
