package flotilla.fleet.schedule;

import static flotilla.fleet.schedule.Tasks.placed;
import static flotilla.fleet.schedule.Tasks.task;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of the machines that fit is the best, and who may choose first. */
class RankingTest {
    private static final long GIB = 1L << 30;

    @Test
    void fewest_instances_of_the_template_come_before_least_load() {
        List<Task> tasks =
                List.of(
                        placed("api@1.service", "m1"),
                        placed("heavy.service", "m2", "Memory=900M"),
                        task("api@2.service"));

        assertThat(place(tasks, "api@2.service", machine("m1"), machine("m2"))).isEqualTo("m2");
    }

    @Test
    void plain_units_are_no_instances_of_each_other() {
        List<Task> tasks =
                List.of(
                        placed("a.service", "m1"),
                        placed("b.service", "m1"),
                        placed("heavy.service", "m2", "Memory=900M"),
                        task("c.service"));

        assertThat(place(tasks, "c.service", machine("m1"), machine("m2"))).isEqualTo("m1");
    }

    @Test
    void cpu_weighs_where_memory_does_not() {
        List<Task> tasks =
                List.of(
                        placed("busy.service", "m1", "CPU=1.5", "Memory=10M"),
                        placed("large.service", "m2", "CPU=0.1", "Memory=500M"),
                        task("new.service"));

        assertThat(place(tasks, "new.service", machine("m1"), machine("m2"))).isEqualTo("m2");
    }

    @Test
    void units_that_say_nothing_weigh_a_little_in_cpu_too() {
        Machine slow = new Machine("m1", "", "", Map.of(), new Capacity(64 * GIB, 200), "");
        Machine fast = new Machine("m2", "", "", Map.of(), new Capacity(64 * GIB, 4000), "");

        assertThat(place(List.of(task("a.service")), "a.service", slow, fast)).isEqualTo("m2");
    }

    @Test
    void the_share_and_not_the_sum_is_compared() {
        Machine small = new Machine("m1", "", "", Map.of(), new Capacity(GIB, 64_000), "");
        Machine large = new Machine("m2", "", "", Map.of(), new Capacity(8 * GIB, 64_000), "");
        List<Task> tasks =
                List.of(
                        placed("a.service", "m1", "Memory=300M"),
                        placed("b.service", "m2", "Memory=900M"),
                        task("new.service"));

        assertThat(place(tasks, "new.service", small, large)).isEqualTo("m2");
    }

    @Test
    void the_largest_unit_chooses_first() {
        List<Task> tasks =
                List.of(task("a.service", "Memory=300M"), task("z.service", "Memory=800M"));

        Schedule schedule = Scheduler.place(tasks, List.of(machine("m1"), machine("m2")));

        assertThat(schedule.placement("z.service").orElseThrow().machineId()).isEqualTo("m1");
        assertThat(schedule.placement("a.service").orElseThrow().machineId()).isEqualTo("m2");
    }

    @Test
    void of_equal_loads_the_machine_with_fewer_units_wins_and_then_the_lower_id() {
        Machine one = new Machine("m1", "", "", Map.of(), Capacity.UNKNOWN, "");
        Machine two = new Machine("m2", "", "", Map.of(), Capacity.UNKNOWN, "");

        assertThat(place(List.of(task("b.service")), "b.service", one, two)).isEqualTo("m1");
        List<Task> tasks = List.of(placed("a.service", "m1"), task("b.service"));
        assertThat(place(tasks, "b.service", one, two)).isEqualTo("m2");
    }

    @Test
    void a_unit_that_replaces_is_there_before_those_that_give_way() {
        List<Task> tasks =
                List.of(placed("a.service", "m1"), placed("z.service", "m1", "Replaces=a.service"));

        Schedule schedule = Scheduler.place(tasks, List.of(machine("m1")));

        assertThat(schedule.placement("z.service")).isPresent();
        assertThat(schedule.placement("a.service")).isEmpty();
        assertThat(schedule.refusal("a.service", "m1").orElseThrow().reason())
                .isEqualTo("replaced by z.service");
        assertThat(schedule.refusal("z.service", "m1")).isEmpty();
        assertThat(schedule.refusal("a.service", "gone")).isEmpty();
        assertThat(schedule.refusal("unknown.service", "m1")).isEmpty();
    }

    @Test
    void a_global_unit_that_is_there_conflicts_as_any_other() {
        List<Task> tasks =
                List.of(task("log.service", "Global=true"), task("a.service", "Conflicts=log.*"));

        Schedule schedule = Scheduler.place(tasks, List.of(machine("m1")));

        assertThat(schedule.refusal("a.service", "m1").orElseThrow().reason())
                .isEqualTo("conflicts with log.service");
        assertThat(schedule.refusals("log.service")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Memory=1G, true", "Memory=1025M, false", "CPU=2, true", "CPU=2.001, false"})
    void what_fits_exactly_fits(String option, boolean fits) {
        Schedule schedule =
                Scheduler.place(List.of(task("a.service", option)), List.of(machine("m1")));

        assertThat(schedule.placement("a.service").isPresent()).isEqualTo(fits);
    }

    @Test
    void a_unit_that_asks_for_more_than_its_machine_has_left_moves_away() {
        List<Task> tasks =
                List.of(
                        placed("a.service", "m1", "Memory=600M"),
                        placed("b.service", "m1", "Memory=600M"));

        Schedule schedule = Scheduler.place(tasks, List.of(machine("m1"), machine("m2")));

        assertThat(schedule.placement("b.service").orElseThrow())
                .isEqualTo(new Placement("m2", "needs 600M, 424M free; the one machine that fits"));
    }

    @ParameterizedTest
    @CsvSource({
        "1023, 0K",
        "1024, 1K",
        "1048575, 1023K",
        "1048576, 1M",
        "1073741823, 1023M",
        "1073741824, 1G",
        "1610612736, 1.5G"
    })
    void sizes_are_told_as_unit_files_write_them(long bytes, String text) {
        assertThat(Size.text(bytes)).isEqualTo(text);
    }

    private static String place(List<Task> tasks, String unit, Machine... machines) {
        return Scheduler.place(tasks, List.of(machines)).placement(unit).orElseThrow().machineId();
    }

    private static Machine machine(String id) {
        return new Machine(id, "", "", Map.of(), new Capacity(GIB, 2000), "");
    }
}
