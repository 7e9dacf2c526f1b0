package flotilla.machine.job;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.Init.JobResult;
import flotilla.machine.job.Job.Kind;
import flotilla.machine.job.JobPlanner.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many units as a person could write in anger. */
@Timeout(60)
class JobLimitsTest {
    /** More than a stack holds frames; what is quadratic takes minutes. */
    private static final int MANY = 10_000;

    private final WrittenUnits units = new WrittenUnits();

    @Test
    void a_chain_of_any_length_is_started_from_its_end_and_stopped_from_its_head() {
        for (int i = 0; i < MANY; i++) {
            chained(i, i + 1 == MANY ? "" : "Requires=NEXT;After=NEXT;", false);
        }
        JobQueue queue = new JobQueue(units);
        JobPlanner.plan(units, Kind.START, "u0.service")
                .wishes()
                .forEach(wish -> queue.add(wish.unit(), wish.kind()));

        List<String> started = order(queue);

        assertThat(started).hasSize(MANY).startsWith("u9999.service").endsWith("u0.service");

        for (int i = 0; i < MANY; i++) {
            chained(i, i + 1 == MANY ? "" : "Requires=NEXT;After=NEXT;", true);
        }
        JobPlanner.plan(units, Kind.STOP, "u9999.service")
                .wishes()
                .forEach(wish -> queue.add(wish.unit(), wish.kind()));
        assertThat(order(queue)).isEqualTo(started.reversed());
    }

    @Test
    void a_circle_of_any_length_without_order_is_started_and_stopped() {
        for (String option : List.of("Requires", "Wants", "BindsTo")) {
            for (int i = 0; i < MANY; i++) {
                chained(i, option + "=NEXT;", false);
            }
            assertThat(JobPlanner.plan(units, Kind.START, "u0.service").wishes())
                    .as(option)
                    .hasSize(MANY);
        }
        for (int i = 0; i < MANY; i++) {
            chained(i, "PartOf=NEXT;After=NEXT;", true);
        }
        JobQueue queue = new JobQueue(units);
        JobPlanner.plan(units, Kind.STOP, "u0.service")
                .wishes()
                .forEach(wish -> queue.add(wish.unit(), wish.kind()));
        assertThat(order(queue)).as("a stop is never refused").hasSize(MANY);
    }

    @Test
    void a_circle_of_any_length_with_order_is_refused_or_loses_one() {
        for (int i = 0; i < MANY; i++) {
            chained(i, "Requires=NEXT;After=NEXT;", false);
        }
        assertThat(JobPlanner.plan(units, Kind.START, "u0.service").refusal().orElseThrow())
                .startsWith("Transaction order is cyclic: u0.service after u1.service after")
                .endsWith("...")
                .hasSizeLessThan(300);

        for (int i = 0; i < MANY; i++) {
            chained(i, "Wants=NEXT;After=NEXT;", false);
        }
        Plan plan = JobPlanner.plan(units, Kind.START, "u0.service");
        assertThat(plan.wishes()).isNotEmpty();
        assertThat(plan.remarks()).hasSize(1);
    }

    @Test
    void many_small_circles_cost_no_more_than_a_large_one() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < MANY; i += 2) {
            all.append("Wants=u").append(i).append(".service;");
            units.unit(
                    "u" + i + ".service",
                    "Wants=u%d.service;After=u%d.service;".formatted(i + 1, i + 1));
            units.unit("u" + (i + 1) + ".service", "After=u%d.service;".formatted(i));
        }
        units.unit("all.target", all.toString());

        Plan plan = JobPlanner.plan(units, Kind.START, "all.target");

        assertThat(plan.remarks()).hasSize(MANY / 2);
        assertThat(plan.refusal()).isEmpty();
    }

    @Test
    void starts_that_need_a_failed_one_fail_with_it_however_long_the_chain_is() {
        JobQueue queue = new JobQueue(units);
        units.unit("u0.service", "");
        Job first = queue.add("u0.service", Kind.START);
        for (int i = 1; i < 10_000; i++) {
            units.unit("u" + i + ".service", "Requires=u" + (i - 1) + ".service\n");
            queue.add("u" + i + ".service", Kind.START);
        }
        Job last = Objects.requireNonNull(queue.of("u9999.service"));

        queue.finish(first, JobResult.TIMEOUT);

        assertThat(first.result()).contains(JobResult.TIMEOUT);
        assertThat(last.result()).contains(JobResult.DEPENDENCY);
        assertThat(queue.isEmpty()).isTrue();
    }

    private void chained(int i, String section, boolean up) {
        String name = "u" + i + ".service";
        String lines = section.replace("NEXT", "u" + (i + 1) % MANY + ".service");
        if (up) {
            units.running(name, lines);
        } else {
            units.unit(name, lines);
        }
    }

    /** Runs all jobs, each to its end before the next. */
    static List<String> order(JobQueue queue) {
        List<String> order = new ArrayList<>();
        for (Optional<Job> next = queue.next(); next.isPresent(); next = queue.next()) {
            order.add(next.get().unit());
            queue.finish(next.get(), JobResult.DONE);
        }
        return order;
    }
}
