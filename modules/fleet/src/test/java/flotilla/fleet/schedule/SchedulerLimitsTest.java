package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ten thousand units, as somebody may write them: each test ends, and in time to lead. */
class SchedulerLimitsTest {
    private static final int COUNT = 10_000;

    @Test
    void a_chain_of_machine_of_ends_on_one_machine() {
        List<Task> tasks = tasks(i -> i == COUNT - 1 ? "Memory=1M" : "MachineOf=" + name(i + 1));

        Schedule schedule = Scheduler.place(tasks, machines(3));

        assertThat(tasks.stream().map(t -> schedule.placement(t.name()).orElseThrow().machineId()))
                .containsOnly("m1");
    }

    @Test
    void units_in_a_circle_of_machine_of_wait_and_say_for_what() {
        List<Task> tasks = tasks(i -> "MachineOf=" + name((i + 1) % COUNT));

        Schedule schedule = Scheduler.place(tasks, machines(1));

        assertThat(schedule.pending()).hasSize(COUNT);
        assertThat(schedule.refusals(name(0)))
                .extracting(Refusal::reason)
                .containsExactly("MachineOf=" + name(1) + " is not here");
    }

    @Test
    void two_units_that_follow_each_other_wait_and_say_for_what() {
        List<Task> tasks =
                List.of(
                        task("a.service", "MachineOf=b.service"),
                        task("b.service", "MachineOf=a.service"),
                        task("self.service", "MachineOf=self.service"));

        Schedule schedule = Scheduler.place(tasks, machines(2));

        assertThat(schedule.pending())
                .containsExactlyInAnyOrder("a.service", "b.service", "self.service");
        assertThat(schedule.refusal("a.service", "m2").orElseThrow().reason())
                .isEqualTo("MachineOf=b.service is not here");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Conflicts=unit-*", "Conflicts=*", "Conflicts=*u*n*i*t*-*s*e*r*v*i*c*e"})
    void of_units_that_all_conflict_each_machine_gets_one(String option) {
        List<Task> tasks = tasks(_ -> option);

        Schedule schedule = Scheduler.place(tasks, machines(100));

        assertThat(schedule.pending()).hasSize(COUNT - 100);
        assertThat(schedule.refusal(name(COUNT - 1), "m1").orElseThrow().reason())
                .isEqualTo("conflicts with " + name(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conflicts=unit-%d?.service", "Conflicts=*x%d*", "Replaces=*x%d*"})
    void units_that_each_conflict_with_others_by_a_glob_of_their_own_are_placed(String option) {
        List<Task> tasks = tasks(option::formatted);

        assertThat(Scheduler.place(tasks, machines(100)).pending()).isEmpty();
    }

    /** Each one that comes pushes the next one on, and so on for as long as there are units. */
    @Test
    void a_row_of_units_that_replace_each_other_is_settled_in_bounded_rounds() {
        List<Task> tasks = new ArrayList<>(tasks(i -> "Replaces=" + name(i + 1)));

        Schedule schedule = Scheduler.place(tasks, machines(2));

        assertThat(schedule.placement(name(0))).isPresent();
    }

    private static List<Task> tasks(IntFunction<String> option) {
        return IntStream.range(0, COUNT).mapToObj(i -> task(name(i), option.apply(i))).toList();
    }

    private static String name(int i) {
        return "unit-%05d.service".formatted(i);
    }

    private static Task task(String name, String option) {
        Requirements requirements =
                Requirements.of(name, "[X-Fleet]\n" + option + "\n").orElseThrow();
        return new Task(name, "", requirements, Set.of());
    }

    private static List<Machine> machines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Machine("m" + i, "", "", Map.of(), Capacity.UNKNOWN, ""))
                .toList();
    }
}
