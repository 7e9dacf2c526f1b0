package flotilla.machine.job;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.job.Job.Kind;
import flotilla.machine.job.JobPlanner.Plan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The right answers to cycles are those of systemd 257. */
class JobPlannerTest {
    private final WrittenUnits units = new WrittenUnits();

    @Test
    void a_start_pulls_in_what_it_needs_and_wants_in_the_order_of_the_file() {
        units.unit("a.service", "Requires=b.service;Wants=c.service d.service;BindsTo=e.service;");
        units.unit("b.service", "Wants=f.service;");
        for (String name : List.of("c", "d", "e", "f")) {
            units.unit(name + ".service", "");
        }

        assertThat(plan(Kind.START, "a.service"))
                .containsExactly(
                        "a.service START asked for",
                        "b.service START required by a.service",
                        "f.service START wanted by b.service",
                        "e.service START required by a.service",
                        "c.service START wanted by a.service",
                        "d.service START wanted by a.service");
    }

    @Test
    void what_is_up_is_not_pulled_in_again() {
        units.unit("a.service", "Requires=b.service;Wants=c.service;");
        units.running("b.service", "Requires=d.service;").running("c.service", "");
        units.unit("d.service", "");

        assertThat(plan(Kind.START, "a.service")).containsExactly("a.service START asked for");
    }

    @Test
    void a_start_stops_what_conflicts_with_it_and_what_depends_on_that() {
        units.unit("a.service", "Conflicts=b.service idle.service;");
        units.running("b.service", "").running("c.service", "PartOf=b.service;");
        units.running("d.service", "Conflicts=a.service;").unit("idle.service", "");

        assertThat(plan(Kind.START, "a.service"))
                .containsExactly(
                        "a.service START asked for",
                        "b.service STOP conflicts with a.service",
                        "c.service STOP depends on b.service",
                        "d.service STOP conflicts with a.service");
    }

    @Test
    void a_stop_or_restart_takes_along_whoever_names_the_unit_and_runs() {
        units.running("a.service", "");
        for (String option : List.of("Requires", "BindsTo", "PartOf", "Requisite")) {
            units.running(option + ".service", option + "=a.service;");
        }
        units.running("wants.service", "Wants=a.service;")
                .unit("idle.service", "PartOf=a.service;");

        for (Kind kind : List.of(Kind.STOP, Kind.RESTART)) {
            assertThat(plan(kind, "a.service"))
                    .containsExactly(
                            "a.service " + kind + " asked for",
                            "Requires.service " + kind + " depends on a.service",
                            "BindsTo.service " + kind + " depends on a.service",
                            "PartOf.service " + kind + " depends on a.service",
                            "Requisite.service " + kind + " depends on a.service");
        }
    }

    @Test
    void a_restart_starts_what_the_unit_needs_by_now_and_a_reload_nothing() {
        units.running("a.service", "Requires=b.service;").unit("b.service", "");

        assertThat(plan(Kind.RESTART, "a.service"))
                .containsExactly(
                        "a.service RESTART asked for", "b.service START required by a.service");
        assertThat(plan(Kind.RELOAD, "a.service")).containsExactly("a.service RELOAD asked for");
    }

    @Test
    void a_start_whose_needs_are_missing_is_refused_with_the_one_that_is() {
        units.unit("a.service", "Requires=b.service;").unit("b.service", "BindsTo=none.service;");

        assertThat(refusal("a.service"))
                .contains("Unit none.service is not-found (required by b.service)");
    }

    @Test
    void a_wanted_unit_whose_needs_are_missing_is_left_out_and_nothing_else_with_it() {
        units.unit("a.service", "Wants=b.service c.service none.service;");
        units.unit("b.service", "Requires=d.service;Wants=e.service;");
        units.unit("d.service", "Requires=none.service;").unit("e.service", "");
        units.unit("c.service", "Wants=none.service;");

        assertThat(plan(Kind.START, "a.service"))
                .containsExactly(
                        "a.service START asked for", "c.service START wanted by a.service");
    }

    @Test
    void a_start_that_needs_units_which_wait_for_each_other_is_refused() {
        units.unit("a.service", "Requires=b.service;After=b.service;");
        units.unit("b.service", "Requires=c.service;After=c.service;");
        units.unit("c.service", "After=a.service;");

        assertThat(refusal("a.service"))
                .contains(
                        "Transaction order is cyclic: a.service after b.service after c.service"
                                + " after a.service");
    }

    @Test
    void of_units_that_wait_for_each_other_one_that_is_only_wanted_is_left_out() {
        units.unit("a.service", "Wants=b.service;After=b.service;Requires=x.service;");
        units.unit("b.service", "After=a.service;Requires=c.service;");
        units.unit("c.service", "").unit("x.service", "");

        Plan plan = JobPlanner.plan(units, Kind.START, "a.service");

        assertThat(words(plan))
                .containsExactly(
                        "a.service START asked for", "x.service START required by a.service");
        assertThat(plan.remarks())
                .containsExactly(
                        "Job b.service/start deleted to break ordering cycle: a.service after"
                                + " b.service after a.service");
    }

    @Test
    void whoever_needs_a_unit_that_is_left_out_is_left_out_too() {
        units.unit("a.service", "Wants=b.service c.service;Before=b.service;After=b.service;");
        units.unit("b.service", "").unit("c.service", "Requires=b.service;");

        assertThat(plan(Kind.START, "a.service")).containsExactly("a.service START asked for");
    }

    @Test
    void a_target_does_not_wait_for_what_comes_after_it() {
        units.unit("all.target", "Wants=a.service b.service c.service;");
        units.unit("a.service", "After=all.target;").unit("b.service", "").unit("c.service", "");
        JobQueue queue = new JobQueue(units);

        Plan plan = JobPlanner.plan(units, Kind.START, "all.target");
        plan.wishes().forEach(wish -> queue.add(wish.unit(), wish.kind()));

        assertThat(plan.remarks()).isEmpty();
        assertThat(JobLimitsTest.order(queue))
                .containsExactly("b.service", "c.service", "all.target", "a.service");
    }

    private List<String> plan(Kind kind, String name) {
        Plan plan = JobPlanner.plan(units, kind, name);
        assertThat(plan.refusal()).isEmpty();
        return words(plan);
    }

    private static List<String> words(Plan plan) {
        return plan.wishes().stream()
                .map(wish -> wish.unit() + " " + wish.kind() + " " + wish.reason())
                .toList();
    }

    private Optional<String> refusal(String name) {
        Plan plan = JobPlanner.plan(units, Kind.START, name);
        assertThat(plan.wishes()).isEmpty();
        return plan.refusal();
    }
}
