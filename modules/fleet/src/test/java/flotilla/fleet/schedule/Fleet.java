package flotilla.fleet.schedule;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster to which things happen, as a seed has it: machines come, change and go, units too, and
 * the facts catch up with what the board said, or say something else. Knows where each unit is
 * taken to be: where the last fact about it says, until the board moves it.
 */
final class Fleet {
    private static final long GIB = 1L << 30;
    private static final int MACHINES = 8;
    private static final int UNITS = 40;

    final Board board = new Board();
    private final Random random;
    private final Kind kind;
    private final NavigableMap<String, Machine> machines = new TreeMap<>();
    private final NavigableMap<String, Task> facts = new TreeMap<>();
    private final Map<String, String> at = new HashMap<>();
    private String last = "";

    enum Kind {
        /** Without drains and {@code Replaces=}: the board need never go through all. */
        CALM,
        /** Calm, and some units would rather have this than that. */
        CHOOSY,
        WILD
    }

    Fleet(long seed, Kind kind) {
        this.random = new Random(seed);
        this.kind = kind;
    }

    /** What happened last. */
    String last() {
        return last;
    }

    Collection<Machine> machines() {
        return machines.values();
    }

    /** All units, each where it is taken to be. */
    List<Task> tasks() {
        return facts.values().stream()
                .map(task -> task.requirements().global() ? task : with(task, at.get(task.name())))
                .toList();
    }

    /** Where the units are as the facts say, but for the global ones. */
    Map<String, String> homes() {
        Map<String, String> homes = new HashMap<>();
        facts.forEach((unit, task) -> {
            if (!task.requirements().global()) {
                task.current().forEach(machine -> homes.put(unit, machine));
            }
        });
        return homes;
    }

    /** The board has been settled: units are where it says, or still where they were told. */
    void settled() {
        at.clear();
        facts.forEach((unit, task) ->
                board.schedule()
                        .placement(unit)
                        .map(Placement::machineId)
                        .or(() -> task.current().stream().findFirst())
                        .ifPresent(machine -> at.put(unit, machine)));
    }

    void something() {
        int kind = random.nextInt(20);
        if (kind < 3) {
            machineChanges("m" + random.nextInt(MACHINES));
        } else if (kind < 5) {
            machineGoes("m" + random.nextInt(MACHINES));
        } else if (kind < 12) {
            unitComes();
        } else if (kind < 14) {
            unitGoes();
        } else {
            factChanges(kind);
        }
    }

    private void machineChanges(String id) {
        Eligibility eligibility = random.nextInt(4) > 0 ? Eligibility.READY : closed();
        Machine machine =
                new Machine(
                                id,
                                "",
                                "",
                                metadata(),
                                new Capacity((1 + random.nextInt(3)) * GIB / 2, 2000),
                                "")
                        .with(eligibility);
        last = machine.toString();
        if (!machine.equals(machines.put(id, machine))) {
            facts.values().stream()
                    .filter(task -> task.current().contains(id))
                    .filter(task -> !task.requirements().global())
                    .forEach(task -> at.put(task.name(), id));
        }
        if (eligibility != Eligibility.READY) {
            // Who was to come does not.
            facts.values().stream()
                    .filter(task -> !task.current().contains(id))
                    .filter(task -> id.equals(at.get(task.name())))
                    .forEach(task -> sendHome(task.name()));
        }
        board.put(machine);
    }

    private Map<String, String> metadata() {
        if (kind != Kind.CHOOSY) {
            return Map.of("zone", "z" + random.nextInt(2));
        }
        Map<String, String> metadata = new HashMap<>();
        int zone = random.nextInt(5);
        if (zone < 4) {
            metadata.put("zone", "z" + zone % 2);
        }
        if (random.nextBoolean()) {
            metadata.put("disk", "ssd");
        }
        return metadata;
    }

    private Eligibility closed() {
        return kind != Kind.WILD || random.nextBoolean()
                ? Eligibility.CORDONED
                : Eligibility.DRAINING;
    }

    /** A unit that loses its machine is taken to be where the facts say, be that gone or not. */
    private void sendHome(String unit) {
        at.remove(unit);
        Task fact = facts.get(unit);
        if (fact != null) {
            fact.current().forEach(machine -> at.put(unit, machine));
        }
    }

    private void machineGoes(String id) {
        last = id + " goes";
        machines.remove(id);
        List.copyOf(at.keySet()).stream().filter(u -> id.equals(at.get(u))).forEach(this::sendHome);
        board.removeMachine(id);
    }

    private void unitComes() {
        String name = name();
        String text = "[X-Fleet]\n" + String.join("\n", options()) + "\n";
        Requirements wants = Requirements.of(name, text).orElseThrow();
        Task known = facts.get(name);
        if (known != null && known.requirements().global() != wants.global()) {
            at.remove(name);
            known.current().stream().findFirst().ifPresent(id -> at.put(name, id));
        }
        Set<String> current = known == null ? Set.of() : known.current();
        put(new Task(name, name.substring(0, 2), wants, wants.global() ? current : one(current)));
    }

    private static Set<String> one(Set<String> current) {
        return current.size() < 2 ? current : Set.of();
    }

    private String name() {
        return "a%d@%d.service".formatted(random.nextInt(4), random.nextInt(UNITS / 4));
    }

    private List<String> options() {
        List<String> options = new ArrayList<>();
        if (random.nextInt(2) == 0) {
            options.add("Memory=" + 100 * (1 + random.nextInt(5)) + "M");
        }
        if (random.nextInt(3) == 0) {
            options.add("MachineMetadata=zone=z" + random.nextInt(2));
        }
        switch (random.nextInt(kind == Kind.WILD ? 9 : 8)) {
            case 0 -> options.add("Conflicts=%p@*");
            case 1 -> options.add("Conflicts=a?@" + random.nextInt(UNITS / 4) + ".*");
            case 2 -> options.add("MachineOf=" + name());
            case 3 -> options.add("MachineOf=a0@1.service\nMachineOf=a1@2.service");
            case 4 -> {
                if (random.nextInt(3) == 0) {
                    options.add("Global=yes");
                }
            }
            case 8 -> {
                options.removeIf(option -> random.nextBoolean());
                options.add("Replaces=a" + random.nextInt(4) + "@" + random.nextInt(4) + "*");
            }
            default -> {}
        }
        if (kind == Kind.CHOOSY && random.nextInt(3) == 0) {
            options.add(preference());
        }
        return options;
    }

    private String preference() {
        return switch (random.nextInt(8)) {
            case 0 -> "Placement=pack";
            case 1 -> "SpreadOver=zone";
            case 2 -> "SpreadOver=zone\nPlacement=pack";
            case 3 -> "AvoidMachineOf=a" + random.nextInt(4) + "@*\nSpreadOver=zone";
            case 4 -> "AvoidMachineMetadata=zone=z" + random.nextInt(2);
            case 5 -> "PreferMachineOf=" + name() + "\nAvoidMachineOf=%p@*";
            case 6 -> "PreferMachineMetadata=zone=z" + random.nextInt(2);
            default -> "PreferMachineOf=" + name() + "\nPreferMachineMetadata=disk=ssd";
        };
    }

    private void unitGoes() {
        String name = name();
        last = name + " goes";
        facts.remove(name);
        at.remove(name);
        board.removeUnit(name);
    }

    /** Mostly to what the board said; also to nothing, or to another machine. */
    private void factChanges(int kind) {
        String name = name();
        Task task = facts.get(name);
        if (task == null) {
            return;
        }
        Set<String> told;
        if (task.requirements().global()) {
            told = kind < 18 ? Set.copyOf(board.schedule().machines(name)) : Set.of();
        } else if (kind < 18) {
            told =
                    board.schedule()
                            .placement(name)
                            .map(place -> Set.of(place.machineId()))
                            .orElse(Set.of());
        } else {
            told = kind == 18 ? Set.of() : Set.of("m" + random.nextInt(MACHINES));
        }
        put(new Task(name, task.family(), task.requirements(), told));
    }

    private void put(Task task) {
        last = task.toString();
        Task known = facts.put(task.name(), task);
        boolean newText = known != null && !known.requirements().equals(task.requirements());
        if (known == null || !known.current().equals(task.current())) {
            at.remove(task.name());
            task.current().forEach(id -> at.put(task.name(), id));
        } else if (newText) {
            task.current().stream()
                    .filter(machines::containsKey)
                    .forEach(id -> at.put(task.name(), id));
        }
        board.put(task);
    }

    static Task with(Task task, @Nullable String machine) {
        return new Task(
                task.name(),
                task.family(),
                task.requirements(),
                machine == null ? Set.of() : Set.of(machine));
    }
}
