package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Machine;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Units of many sizes that come together are found a machine without each being held against all;
 * what they get is what each of them would have got by that.
 */
class TiersTest {
    private static final int SEEDS = 60;
    private static final long MIB = 1L << 20;
    private static final Comparator<Task> ORDER =
            Comparator.comparingLong((Task task) -> -task.requirements().demand().memoryOrDefault())
                    .thenComparing(Task::name);

    @Test
    void units_that_come_together_go_where_they_would_have_gone_one_by_one() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Machine> machines = machines(random);
            List<Task> tasks = tasks(random);
            Board together = board(machines);
            tasks.forEach(together::put);

            together.settle();

            Board oneByOne = board(machines);
            for (Task task : tasks.stream().sorted(ORDER).toList()) {
                oneByOne.put(task);
                oneByOne.settle();
            }
            for (Task task : tasks) {
                String when = "seed " + seed + ", " + task;
                Schedule schedule = together.schedule();
                Schedule expected = oneByOne.schedule();
                assertThat(schedule.placement(task.name()))
                        .as(when)
                        .isEqualTo(expected.placement(task.name()));
                assertThat(schedule.merit(task.name()))
                        .as(when)
                        .isEqualTo(expected.merit(task.name()));
            }
        }
    }

    @Test
    void what_is_there_already_counts() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<Machine> machines = machines(random);
            List<Task> tasks = new ArrayList<>(tasks(random));
            Board board = board(machines);
            tasks.subList(0, tasks.size() / 2).forEach(board::put);
            board.settle();
            List<Task> now = new ArrayList<>();
            for (Task task : tasks) {
                now.add(
                        board.schedule()
                                .placement(task.name())
                                .map(place -> Fleet.with(task, place.machineId()))
                                .orElse(task));
            }
            PlainScheduler.Answer expected = PlainScheduler.place(now, machines);
            tasks.subList(tasks.size() / 2, tasks.size()).forEach(board::put);

            board.settle();

            for (Task task : now) {
                assertThat(board.schedule().placement(task.name()).map(Placement::machineId))
                        .as("seed " + seed + ", " + task)
                        .isEqualTo(
                                Optional.ofNullable(expected.placed().get(task.name()))
                                        .map(Placement::machineId));
            }
        }
    }

    /** Some alike, some not, some full soon, and some that say nothing of their size. */
    private static List<Machine> machines(Random random) {
        List<Machine> machines = new ArrayList<>();
        for (int i = 0; i < 20 + random.nextInt(20); i++) {
            long memory = random.nextInt(12) == 0 ? 0 : (1L + random.nextInt(3)) * 1024 * MIB;
            long milliCpus = random.nextInt(12) == 0 ? 0 : 1000 * (1 + random.nextInt(2));
            machines.add(
                    new Machine(
                                    "m%02d".formatted(i),
                                    "",
                                    "",
                                    Map.of("zone", "z" + random.nextInt(2)),
                                    new Capacity(memory, milliCpus),
                                    "")
                            .with(
                                    random.nextInt(10) == 0
                                            ? Eligibility.CORDONED
                                            : Eligibility.READY));
        }
        return machines;
    }

    private static List<Task> tasks(Random random) {
        List<Task> tasks = new ArrayList<>();
        int templates = 40 + random.nextInt(60);
        int granule = 1 + random.nextInt(60);
        for (int template = 0; template < templates; template++) {
            StringBuilder options = new StringBuilder("[X-Fleet]\n");
            if (random.nextInt(5) > 0) {
                options.append("Memory=" + granule * (1 + random.nextInt(10)) + "M\n");
            }
            if (random.nextInt(3) == 0) {
                options.append("CPU=0." + (1 + random.nextInt(9)) + "\n");
            }
            if (random.nextInt(3) == 0) {
                options.append("MachineMetadata=zone=z" + random.nextInt(2) + "\n");
            }
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                String name = "a%d@%d.service".formatted(template, i);
                tasks.add(
                        new Task(
                                name,
                                random.nextInt(8) == 0 ? "" : "a" + template % 30,
                                Requirements.of(name, options.toString()).orElseThrow(),
                                Set.of()));
            }
        }
        return tasks;
    }

    private static Board board(List<Machine> machines) {
        Board board = new Board();
        machines.forEach(board::put);
        return board;
    }
}
