package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.units.Glob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final long GIB = 1L << 30;

    @Test
    void the_articles_six_api_and_two_lb_spread_over_three_machines() {
        List<Task> tasks = new ArrayList<>();
        IntStream.rangeClosed(1, 6).forEach(i -> tasks.add(task("api@" + i, "Memory=96M")));
        IntStream.rangeClosed(1, 2)
                .forEach(i -> tasks.add(task("lb@" + i, "Memory=96M", "Conflicts=lb@*.service")));

        Map<String, List<String>> byMachine = byMachine(Scheduler.place(tasks, machines(3)), tasks);

        assertThat(byMachine.values())
                .allSatisfy(units -> assertThat(count(units, "api@")).isEqualTo(2))
                .allSatisfy(units -> assertThat(count(units, "lb@")).isLessThanOrEqualTo(1));
        assertThat(byMachine.values().stream().mapToLong(List::size).sum()).isEqualTo(8);
    }

    @Test
    void a_machine_that_joins_moves_nothing() {
        List<Task> tasks = List.of(placed("a", "m1"), placed("b", "m1"), placed("c", "m2"));

        Schedule schedule = Scheduler.place(tasks, machines(3));

        assertThat(tasks)
                .allSatisfy(task ->
                        assertThat(schedule.placement(task.name()).orElseThrow())
                                .isEqualTo(
                                        new Placement(task.current().iterator().next(), "stays")));
    }

    @Test
    void units_of_a_lost_machine_go_to_the_others_and_say_why() {
        List<Task> tasks = List.of(placed("a", "gone"), placed("b", "m1"));

        Placement placement =
                Scheduler.place(tasks, machines(2)).placement("a.service").orElseThrow();

        assertThat(placement).isEqualTo(new Placement("m2", "its machine is gone; best of 2"));
    }

    @Test
    void a_unit_that_no_machine_can_have_has_a_reason_per_machine() {
        Machine db = machine("m1", Map.of("role", "db"), GIB);
        Machine web = machine("m2", Map.of("role", "web"), GIB);
        Machine small = machine("m3", Map.of("role", "db"), GIB / 4);
        List<Task> tasks =
                List.of(
                        placed("lb@1.service", "m1"),
                        task("lb@2", "MachineMetadata=role=db", "Conflicts=lb@*", "Memory=512M"));

        Schedule schedule = Scheduler.place(tasks, List.of(db, web, small));

        assertThat(schedule.pending()).containsExactly("lb@2.service");
        assertThat(schedule.refusals("lb@2.service"))
                .extracting(Refusal::toString)
                .containsExactly(
                        "host-m1: conflicts with lb@1.service",
                        "host-m2: metadata role=db not met",
                        "host-m3: needs 512M, 256M free");
    }

    @Test
    void conflicts_block_in_both_directions() {
        Task quiet = placed("quiet.service", "m1");
        Task loud = task("loud", "Conflicts=quiet.*");
        Task loudThere = placed("loud.service", "m1", "Conflicts=quiet.*");
        Task quietNew = task("quiet");

        assertThat(Scheduler.place(List.of(quiet, loud), machines(1)).pending())
                .containsExactly("loud.service");
        assertThat(Scheduler.place(List.of(loudThere, quietNew), machines(1)).pending())
                .containsExactly("quiet.service");
    }

    @Test
    void memory_that_is_asked_for_is_never_promised_twice() {
        List<Task> tasks =
                IntStream.range(0, 10).mapToObj(i -> task("big" + i, "Memory=400M")).toList();

        Schedule schedule = Scheduler.place(tasks, machines(2));

        assertThat(schedule.pending()).hasSize(6);
        assertThat(byMachine(schedule, tasks).values()).allSatisfy(u -> assertThat(u).hasSize(2));
    }

    @Test
    void units_that_ask_for_no_memory_always_fit_and_push_nothing_out() {
        List<Task> tasks = new ArrayList<>(List.of(placed("big.service", "m1", "Memory=1G")));
        IntStream.range(0, 100).forEach(i -> tasks.add(task("small" + i)));

        Schedule schedule = Scheduler.place(tasks, machines(1));

        assertThat(schedule.pending()).isEmpty();
        assertThat(schedule.placement("big.service").orElseThrow().reason()).isEqualTo("stays");
    }

    @Test
    void machine_of_follows_its_companion_when_that_moves() {
        List<Task> tasks =
                List.of(
                        placed("agent.service", "gone", "MachineOf=zdb.service"),
                        placed("zdb.service", "gone"),
                        placed("other.service", "m1"));

        Schedule schedule = Scheduler.place(tasks, machines(2));

        assertThat(schedule.placement("zdb.service").orElseThrow().machineId()).isEqualTo("m2");
        assertThat(schedule.placement("agent.service").orElseThrow().machineId()).isEqualTo("m2");
    }

    @Test
    void machine_of_a_unit_that_is_nowhere_waits() {
        Schedule schedule = Scheduler.place(List.of(task("a", "MachineOf=b.service")), machines(1));

        assertThat(schedule.refusals("a.service"))
                .extracting(Refusal::reason)
                .containsExactly("MachineOf=b.service is not here");
    }

    @Test
    void machine_id_takes_the_full_and_the_short_form() {
        Machine machine = machine("0123456789abcdef", Map.of(), GIB);
        for (String id : List.of("0123456789abcdef", "01234567")) {
            Schedule schedule =
                    Scheduler.place(List.of(task("a", "MachineID=" + id)), List.of(machine));
            assertThat(schedule.placement("a.service")).isPresent();
        }
        Schedule other = Scheduler.place(List.of(task("a", "MachineID=012345")), List.of(machine));
        assertThat(other.pending()).containsExactly("a.service");
    }

    @Test
    void one_key_of_metadata_given_twice_is_or_and_two_keys_are_and() {
        Task task =
                task(
                        "a",
                        "MachineMetadata=zone=a",
                        "MachineMetadata=zone=b",
                        "MachineMetadata=disk=ssd");
        Machine neither = machine("m1", Map.of("zone", "b"), GIB);
        Machine both = machine("m2", Map.of("zone", "b", "disk", "ssd"), GIB);

        Schedule schedule = Scheduler.place(List.of(task), List.of(neither, both));

        assertThat(schedule.placement("a.service").orElseThrow().machineId()).isEqualTo("m2");
    }

    @Test
    void changed_metadata_moves_a_unit() {
        Task task = placed("a.service", "m1", "MachineMetadata=role=db");
        Machine was = machine("m1", Map.of(), GIB);
        Machine now = machine("m2", Map.of("role", "db"), GIB);

        Placement placement =
                Scheduler.place(List.of(task), List.of(was, now))
                        .placement("a.service")
                        .orElseThrow();

        assertThat(placement)
                .isEqualTo(
                        new Placement("m2", "metadata role=db not met; the one machine that fits"));
    }

    @Test
    void global_units_run_wherever_their_conditions_are_met_whatever_the_room() {
        Task everywhere = task("log", "Global=true", "Memory=8G");
        Task ssd = task("trim", "Global=true", "MachineMetadata=disk=ssd");
        List<Machine> machines =
                List.of(machine("m1", Map.of(), GIB), machine("m2", Map.of("disk", "ssd"), GIB));

        Schedule schedule = Scheduler.place(List.of(everywhere, ssd), machines);

        assertThat(schedule.machines("log.service")).containsExactly("m1", "m2");
        assertThat(schedule.machines("trim.service")).containsExactly("m2");
    }

    @Test
    void a_unit_that_replaces_another_makes_it_leave_the_machine_it_comes_to() {
        List<Task> tasks =
                List.of(
                        placed("old.service", "m1"),
                        placed("old-side.service", "m1", "MachineOf=old.service"),
                        task("new", "Replaces=old.service", "MachineMetadata=disk=ssd"));
        List<Machine> machines =
                List.of(machine("m1", Map.of("disk", "ssd"), GIB), machine("m2", Map.of(), GIB));

        Schedule schedule = Scheduler.place(tasks, machines);

        assertThat(byMachine(schedule, tasks))
                .isEqualTo(
                        Map.of(
                                "m1", List.of("new.service"),
                                "m2", List.of("old-side.service", "old.service")));
        assertThat(schedule.placement("new.service").orElseThrow().reason())
                .isEqualTo("the one machine that fits");
        assertThat(schedule.placement("old.service").orElseThrow().reason())
                .isEqualTo("replaced by new.service; the one machine that fits");
    }

    @Test
    void a_unit_that_was_replaced_on_the_only_machine_waits_and_frees_its_memory() {
        List<Task> tasks =
                List.of(
                        placed("old.service", "m1", "Memory=800M"),
                        task("new", "Replaces=old.*", "Memory=800M"));

        Schedule schedule = Scheduler.place(tasks, machines(1));

        assertThat(schedule.placement("new.service")).isPresent();
        assertThat(schedule.refusals("old.service"))
                .extracting(Refusal::reason)
                .containsExactly("replaced by new.service");
    }

    @Test
    void units_that_replace_each_other_leave_each_other_alone() {
        List<Task> tasks =
                List.of(
                        placed("a.service", "m1", "Replaces=b.service"),
                        task("b", "Replaces=a.service"));

        Schedule schedule = Scheduler.place(tasks, machines(1));

        assertThat(schedule.pending()).isEmpty();
        assertThat(schedule.placement("a.service").orElseThrow().reason()).isEqualTo("stays");
    }

    @Test
    void a_unit_that_asks_for_more_cpus_than_a_machine_has_waits() {
        Schedule schedule = Scheduler.place(List.of(task("a", "CPU=3.5")), machines(1));

        assertThat(schedule.refusals("a.service"))
                .extracting(Refusal::reason)
                .containsExactly("needs 3.5 CPUs, has 2");
    }

    @Test
    void the_order_in_which_units_and_machines_are_given_does_not_matter() {
        List<Task> tasks = random(new Random(7), 200);
        List<Machine> machines = new ArrayList<>(machines(20));
        Map<String, List<String>> expected = byMachine(Scheduler.place(tasks, machines), tasks);

        for (int seed = 0; seed < 20; seed++) {
            List<Task> shuffled = new ArrayList<>(tasks);
            Collections.shuffle(shuffled, new Random(seed));
            Collections.shuffle(machines, new Random(seed));
            assertThat(byMachine(Scheduler.place(shuffled, machines), tasks)).isEqualTo(expected);
        }
    }

    @Test
    void every_schedule_keeps_its_promises_and_is_stable() {
        for (int seed = 0; seed < 20; seed++) {
            List<Task> tasks = random(new Random(seed), 150);
            List<Machine> machines = machines(1 + seed % 12);

            Schedule first = Scheduler.place(tasks, machines);

            List<Task> again =
                    tasks.stream()
                            .map(task ->
                                    new Task(
                                            task.name(),
                                            task.family(),
                                            task.requirements(),
                                            first.placement(task.name())
                                                    .map(place -> Set.of(place.machineId()))
                                                    .orElse(Set.of())))
                            .toList();
            Schedule second = Scheduler.place(again, machines);
            assertThat(byMachine(second, tasks))
                    .as("seed %d", seed)
                    .isEqualTo(byMachine(first, tasks));
            promises(first, tasks, seed);
        }
    }

    private static void promises(Schedule schedule, List<Task> tasks, int seed) {
        Map<String, Task> byName =
                tasks.stream().collect(Collectors.toMap(Task::name, task -> task));
        byMachine(schedule, tasks)
                .forEach((machine, units) -> {
                    long asked =
                            units.stream()
                                    .map(byName::get)
                                    .mapToLong(
                                            t -> t.requirements().demand().memoryBytes().orElse(0))
                                    .sum();
                    assertThat(asked).as("seed %d", seed).isLessThanOrEqualTo(GIB);
                    List<Task> there =
                            tasks.stream().filter(t -> units.contains(t.name())).toList();
                    assertThat(there)
                            .as("seed %d", seed)
                            .noneMatch(t ->
                                    units.stream()
                                            .filter(u -> !u.equals(t.name()))
                                            .anyMatch(u -> names(t.requirements().conflicts(), u)));
                    assertThat(there)
                            .as("seed %d", seed)
                            .noneMatch(t -> there.stream().anyMatch(o -> replaces(t, o)));
                });
    }

    private static boolean replaces(Task one, Task other) {
        return !one.name().equals(other.name())
                && names(one.requirements().replaces(), other.name())
                && !names(other.requirements().replaces(), one.name())
                && !other.requirements().global();
    }

    private static boolean names(List<String> globs, String unit) {
        return globs.stream().anyMatch(glob -> Glob.matches(glob, unit));
    }

    private static List<Task> random(Random random, int count) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = random.nextBoolean() ? "app" + i % 7 + "@" + i : "unit" + i;
            List<String> options = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                options.add("Memory=" + (1 + random.nextInt(300)) + "M");
            }
            if (random.nextInt(5) == 0) {
                options.add("Conflicts=app" + random.nextInt(7) + "@*");
            } else if (random.nextInt(12) == 0) {
                options.add("Replaces=app" + random.nextInt(7) + "@" + random.nextInt(10) + "*");
            } else if (random.nextInt(10) == 0 && i > 0) {
                options.add("MachineOf=" + tasks.get(random.nextInt(i)).name());
            }
            tasks.add(task(name, options.toArray(String[]::new)));
        }
        return tasks;
    }

    private static Map<String, List<String>> byMachine(Schedule schedule, List<Task> tasks) {
        Map<String, List<String>> byMachine = new TreeMap<>();
        tasks.stream()
                .map(Task::name)
                .sorted()
                .forEach(name ->
                        schedule.placement(name)
                                .ifPresent(place ->
                                        byMachine
                                                .computeIfAbsent(
                                                        place.machineId(), id -> new ArrayList<>())
                                                .add(name)));
        return byMachine;
    }

    private static long count(List<String> units, String prefix) {
        return units.stream().filter(unit -> unit.startsWith(prefix)).count();
    }

    private static Task task(String name, String... options) {
        String full = name.contains(".") ? name : name + ".service";
        String text = "[X-Fleet]\n" + String.join("\n", Arrays.asList(options)) + "\n";
        int at = full.indexOf('@');
        return new Task(
                full,
                at < 0 ? "" : full.substring(0, at),
                Requirements.of(full, text).orElseThrow(),
                Set.of());
    }

    private static Task placed(String name, String machine, String... options) {
        Task task = task(name, options);
        return new Task(task.name(), task.family(), task.requirements(), Set.of(machine));
    }

    private static List<Machine> machines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> machine("m" + i, Map.of(), GIB))
                .toList();
    }

    private static Machine machine(String id, Map<String, String> metadata, long memory) {
        return new Machine(id, "10.0.0.1", "host-" + id, metadata, new Capacity(memory, 2000), "");
    }
}
