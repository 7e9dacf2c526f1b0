package flotilla.machine.job;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.Init.JobResult;
import flotilla.machine.job.Job.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobQueueTest {
    private final WrittenUnits files = new WrittenUnits();
    private final JobQueue queue = new JobQueue(files);

    private void unit(String name, String section) {
        files.unit(name, section);
    }

    @Test
    void a_cycle_is_broken_even_while_a_job_outside_of_it_runs_on() {
        unit("slow.service", "");
        unit("last.service", "After=a.service\n");
        unit("a.service", "After=b.service\n");
        unit("b.service", "After=a.service\n");
        queue.add("slow.service", Kind.START);
        Job slow = queue.next().orElseThrow();
        Job last = queue.add("last.service", Kind.START);
        Job a = queue.add("a.service", Kind.START);
        Job b = queue.add("b.service", Kind.START);

        assertThat(queue.next()).contains(a);
        assertThat(queue.next()).isEmpty();
        queue.finish(a, JobResult.DONE);
        assertThat(queue.next()).contains(last);
        assertThat(queue.next()).contains(b);
        assertThat(slow.isRunning()).isTrue();
    }

    @Test
    void a_job_waits_for_one_that_runs_and_is_no_cycle() {
        unit("a.service", "");
        unit("b.service", "After=a.service\n");
        Job a = queue.add("a.service", Kind.START);
        Job b = queue.add("b.service", Kind.START);

        assertThat(queue.next()).contains(a);
        assertThat(queue.next()).isEmpty();
        queue.finish(a, JobResult.DONE);
        assertThat(queue.next()).contains(b);
    }

    @Test
    void starts_that_need_a_failed_one_fail_with_it_and_those_that_want_it_do_not() {
        unit("a.service", "");
        unit("b.service", "Requires=a.service\n");
        unit("c.service", "BindsTo=b.service\n");
        unit("d.service", "Wants=b.service\n");
        Job a = queue.add("a.service", Kind.START);
        Job b = queue.add("b.service", Kind.START);
        Job c = queue.add("c.service", Kind.START);
        Job d = queue.add("d.service", Kind.START);

        queue.finish(a, JobResult.TIMEOUT);

        assertThat(a.result()).contains(JobResult.TIMEOUT);
        assertThat(b.result()).contains(JobResult.DEPENDENCY);
        assertThat(c.result()).contains(JobResult.DEPENDENCY);
        assertThat(d.result()).isEmpty();
    }

    @Test
    void a_stop_that_fails_ends_no_start() {
        unit("a.service", "");
        unit("b.service", "Requires=a.service\n");
        Job stop = queue.add("a.service", Kind.STOP);
        Job start = queue.add("b.service", Kind.START);

        queue.finish(stop, JobResult.FAILED);

        assertThat(start.result()).isEmpty();
    }

    @Test
    void a_start_that_runs_goes_on_when_what_it_needs_fails() {
        unit("a.service", "");
        unit("b.service", "Requires=a.service\n");
        Job a = queue.add("a.service", Kind.START);
        Job b = queue.add("b.service", Kind.START);
        queue.next();
        queue.next();

        queue.finish(a, JobResult.FAILED);

        assertThat(b.result()).isEmpty();
    }

    @Test
    void a_stop_goes_before_a_start_that_it_is_ordered_with_either_way() {
        unit("a.service", "After=b.service\n");
        unit("b.service", "");
        Job start = queue.add("b.service", Kind.START);
        Job stop = queue.add("a.service", Kind.STOP);

        assertThat(queue.next()).contains(stop);
        assertThat(queue.next()).isEmpty();
        queue.finish(stop, JobResult.FAILED);
        assertThat(queue.next()).contains(start);
    }

    @Test
    void a_job_of_the_same_kind_is_shared_and_another_one_cancels_it() {
        unit("a.service", "");
        Job start = queue.add("a.service", Kind.START);

        assertThat(queue.add("a.service", Kind.START)).isSameAs(start);
        Job stop = queue.add("a.service", Kind.STOP);

        assertThat(start.result()).contains(JobResult.CANCELED);
        assertThat(queue.of("a.service")).isSameAs(stop);
    }

    @Test
    void a_change_of_what_units_say_frees_a_job_that_waited() {
        unit("a.service", "");
        unit("b.service", "After=a.service\n");
        queue.add("a.service", Kind.START);
        Job b = queue.add("b.service", Kind.START);
        queue.next();
        assertThat(queue.next()).isEmpty();

        unit("b.service", "");
        queue.reordered();

        assertThat(queue.next()).contains(b);
    }

    @Test
    void a_cycle_that_waits_for_a_running_job_is_broken_when_that_has_ended() {
        unit("slow.service", "");
        unit("a.service", "After=b.service slow.service\n");
        unit("b.service", "After=a.service\n");
        Job slow = queue.add("slow.service", Kind.START);
        queue.next();
        Job a = queue.add("a.service", Kind.START);
        queue.add("b.service", Kind.START);

        assertThat(queue.next()).isEmpty();
        queue.finish(slow, JobResult.DONE);
        assertThat(queue.next()).contains(a);
    }

    @Test
    void a_reload_waits_for_nobody_and_nobody_for_it() {
        unit("a.service", "After=b.service\n");
        unit("b.service", "After=c.service\n");
        Job reload = queue.add("b.service", Kind.RELOAD);
        Job first = queue.add("a.service", Kind.START);
        Job other = queue.add("c.service", Kind.START);

        assertThat(queue.next()).contains(reload);
        assertThat(queue.next()).contains(first);
        assertThat(queue.next()).contains(other);
    }

    @Test
    void whoever_waits_for_a_job_is_told_once_also_when_all_are_cancelled() {
        unit("a.service", "");
        unit("b.service", "Requires=a.service\n");
        List<JobResult> told = new ArrayList<>();
        queue.add("a.service", Kind.START).whenDone(told::add);
        queue.add("b.service", Kind.START).whenDone(told::add);

        queue.cancelAll();

        assertThat(told).containsExactly(JobResult.CANCELED, JobResult.CANCELED);
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.next()).isEmpty();
    }
}
