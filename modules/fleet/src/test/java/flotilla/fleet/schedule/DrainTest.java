package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Machines that people have cordoned or drain: m1 in each of these. */
class DrainTest {
    private static final long GIB = 1L << 30;

    @Test
    void no_unit_comes_to_a_cordoned_machine_and_those_there_stay() {
        List<Task> tasks =
                List.of(placed("a.service", "m1"), task("b.service"), placed("c.service", "gone"));

        Schedule schedule = Scheduler.place(tasks, machines(2, Eligibility.CORDONED));

        assertThat(where(schedule, "a.service")).isEqualTo("m1: stays");
        assertThat(where(schedule, "b.service")).isEqualTo("m2: the one machine that fits");
        assertThat(where(schedule, "c.service")).startsWith("m2");
    }

    @Test
    void a_unit_that_only_a_cordoned_machine_could_have_waits_and_says_why() {
        Schedule schedule =
                Scheduler.place(List.of(task("a.service")), machines(1, Eligibility.CORDONED));

        assertThat(schedule.pending()).containsExactly("a.service");
        assertThat(schedule.refusals("a.service"))
                .extracting(Refusal::toString)
                .containsExactly("m1: is cordoned");
    }

    @Test
    void a_global_unit_stays_on_a_cordoned_machine_and_another_does_not_come() {
        Task there = placed("there.service", "m1", "Global=true");
        Task comes = task("comes.service", "Global=true");

        Schedule schedule =
                Scheduler.place(List.of(there, comes), machines(2, Eligibility.CORDONED));

        assertThat(schedule.machines("there.service")).containsExactlyInAnyOrder("m1", "m2");
        assertThat(schedule.machines("comes.service")).containsExactly("m2");
        assertThat(schedule.refusals("comes.service"))
                .extracting(Refusal::toString)
                .containsExactly("m1: is cordoned");
    }

    @Test
    void units_leave_a_drained_machine_and_say_why() {
        Schedule schedule =
                Scheduler.place(List.of(placed("a.service", "m1"), task("b.service")), draining(3));

        assertThat(where(schedule, "a.service")).isEqualTo("m2: its machine is drained; best of 2");
        assertThat(where(schedule, "b.service")).startsWith("m3");
    }

    @Test
    void global_units_stop_on_a_drained_machine() {
        Schedule schedule =
                Scheduler.place(List.of(placed("log.service", "m1", "Global=true")), draining(2));

        assertThat(schedule.machines("log.service")).containsExactly("m2");
        assertThat(schedule.refusals("log.service"))
                .extracting(Refusal::toString)
                .containsExactly("m1: is draining");
    }

    @Test
    void a_unit_that_fits_nowhere_else_stays_and_says_why() {
        List<Task> tasks =
                List.of(
                        placed("pinned.service", "m1", "MachineID=m1"),
                        placed("big.service", "m1", "Memory=600M"),
                        placed("there.service", "m2", "Memory=600M"),
                        placed("small.service", "m1", "Memory=100M"));

        Schedule schedule = Scheduler.place(tasks, draining(2));

        assertThat(where(schedule, "pinned.service"))
                .isEqualTo("m1: its machine is drained, but no other can have it");
        assertThat(where(schedule, "big.service"))
                .isEqualTo("m1: its machine is drained, but no other can have it");
        assertThat(schedule.refusals("big.service"))
                .extracting(Refusal::toString)
                .containsExactly("m2: needs 600M, 324M free");
        assertThat(where(schedule, "small.service")).startsWith("m2");
    }

    @Test
    void units_that_must_be_together_leave_together() {
        List<Task> tasks =
                List.of(
                        placed("app.service", "m1"),
                        placed("helper.service", "m1", "MachineOf=app.service"));

        Schedule schedule = Scheduler.place(tasks, draining(3));

        assertThat(where(schedule, "app.service")).startsWith("m2");
        assertThat(where(schedule, "helper.service")).startsWith("m2");
    }

    @Test
    void units_that_must_be_together_stay_together_when_one_can_not_leave() {
        List<Task> tasks =
                List.of(
                        placed("app.service", "m1"),
                        placed("helper.service", "m1", "MachineOf=app.service", "Memory=600M"),
                        placed("second.service", "m1", "MachineOf=helper.service"),
                        placed("full.service", "m2", "Memory=600M"));

        Schedule schedule = Scheduler.place(tasks, draining(2));

        assertThat(where(schedule, "app.service"))
                .isEqualTo(
                        "m1: its machine is drained, but helper.service stays too, and must be"
                                + " where it is");
        assertThat(where(schedule, "helper.service"))
                .isEqualTo("m1: its machine is drained, but no other can have it");
        assertThat(where(schedule, "second.service")).startsWith("m1");
    }

    @Test
    void a_global_unit_goes_on_where_one_that_stays_asks_for_it() {
        List<Task> tasks =
                List.of(
                        placed("log.service", "m1", "Global=true"),
                        placed("full.service", "m2", "Memory=600M"),
                        placed("a.service", "m1", "MachineOf=log.service", "Memory=600M"));

        Schedule schedule = Scheduler.place(tasks, draining(2));

        assertThat(where(schedule, "a.service")).startsWith("m1");
        assertThat(schedule.machines("log.service")).containsExactlyInAnyOrder("m1", "m2");
    }

    @Test
    void a_drain_stops_no_unit_of_another_machine_that_has_to_give_way() {
        List<Task> tasks =
                List.of(
                        placed("new.service", "m1", "Replaces=old.service"),
                        placed("old.service", "m2"));

        Schedule schedule = Scheduler.place(tasks, draining(2));

        assertThat(where(schedule, "old.service")).isEqualTo("m2: stays");
        assertThat(where(schedule, "new.service"))
                .isEqualTo(
                        "m1: its machine is drained, but it would make old.service leave its"
                                + " machine, and no other can have that");
        assertThat(where(Scheduler.place(tasks, draining(3)), "new.service")).startsWith("m3");
    }

    @Test
    void a_unit_that_no_longer_may_be_there_leaves_a_drained_machine_for_that_reason() {
        List<Task> tasks = List.of(placed("a.service", "m1", "MachineMetadata=role=db"));

        assertThat(Scheduler.place(tasks, draining(2)).pending()).containsExactly("a.service");
    }

    @Test
    void no_drain_stops_a_unit_that_runs_or_brings_one_to_a_drained_machine() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int count = 2 + seed % 5;
            List<Task> tasks = settled(random(random, 60), machines(count, Eligibility.READY));
            List<Machine> draining = machines(count, Eligibility.DRAINING);
            for (int pass = 0; pass < 3; pass++) {
                Schedule schedule = Scheduler.place(tasks, draining);
                for (Task task : tasks) {
                    boolean runs = !task.current().isEmpty();
                    assertThat(schedule.placement(task.name()).isPresent() || !runs)
                            .as("seed %d, %s", seed, task)
                            .isTrue();
                    assertThat(schedule.placement(task.name()).map(Placement::machineId))
                            .as("seed %d, %s", seed, task)
                            .matches(at ->
                                    at.filter("m1"::equals).isEmpty()
                                            || task.current().contains("m1"));
                }
                tasks = moved(tasks, schedule);
            }
        }
    }

    /** As they are after some passes with nothing else to do. */
    private static List<Task> settled(List<Task> tasks, List<Machine> machines) {
        List<Task> now = tasks;
        for (int pass = 0; pass < 3; pass++) {
            now = moved(now, Scheduler.place(now, machines));
        }
        return now;
    }

    private static List<Task> moved(List<Task> tasks, Schedule schedule) {
        return tasks.stream()
                .map(task ->
                        new Task(
                                task.name(),
                                task.family(),
                                task.requirements(),
                                schedule.placement(task.name())
                                        .map(place -> Set.of(place.machineId()))
                                        .orElse(Set.of())))
                .toList();
    }

    private static List<Task> random(Random random, int count) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> options = new ArrayList<>();
            if (random.nextInt(2) == 0) {
                options.add("Memory=" + (1 + random.nextInt(300)) + "M");
            }
            int kind = random.nextInt(8);
            if (kind == 0) {
                options.add("Conflicts=unit" + random.nextInt(10) + "*");
            } else if (kind == 1) {
                options.add("Replaces=unit" + random.nextInt(10) + "?.*");
            } else if (kind < 4 && i > 0) {
                options.add("MachineOf=" + tasks.get(random.nextInt(i)).name());
            }
            tasks.add(task("unit" + i + ".service", options.toArray(String[]::new)));
        }
        return tasks;
    }

    private static String where(Schedule schedule, String unit) {
        return schedule.placement(unit)
                .map(place -> place.machineId() + ": " + place.reason())
                .orElse("nowhere");
    }

    private static List<Machine> draining(int count) {
        return machines(count, Eligibility.DRAINING);
    }

    private static List<Machine> machines(int count, Eligibility ofTheFirst) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i ->
                        new Machine("m" + i, "", "m" + i, Map.of(), new Capacity(GIB, 2000), "")
                                .with(i == 1 ? ofTheFirst : Eligibility.READY))
                .toList();
    }

    private static Task task(String name, String... options) {
        String text = "[X-Fleet]\n" + String.join("\n", options) + "\n";
        return new Task(name, "", Requirements.of(name, text).orElseThrow(), Set.of());
    }

    private static Task placed(String name, String machine, String... options) {
        Task task = task(name, options);
        return new Task(name, "", task.requirements(), Set.of(machine));
    }
}
