package flotilla.machine.job;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.Init.JobResult;
import flotilla.machine.job.Job.Kind;
import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobQueueTest {
    private final Map<String, Dependencies> files = new HashMap<>();
    private final JobQueue queue = new JobQueue(new Files());

    /** Units by what their [Unit] sections say. */
    private final class Files implements Units {
        @Override
        public String load(String name) {
            return files.containsKey(name) ? "loaded" : "not-found";
        }

        @Override
        public Dependencies dependencies(String name) {
            return files.getOrDefault(name, Dependencies.NONE);
        }

        @Override
        public boolean isUp(String name) {
            return false;
        }

        @Override
        public Set<String> names() {
            return files.keySet();
        }
    }

    private void unit(String name, String section) {
        files.put(
                name,
                Dependencies.of(
                        UnitFile.parse("[Unit]\n" + section),
                        Specifiers.of(new UnitName(name), Map.of()),
                        new Dependencies.Links(Set.of(), Set.of()),
                        false));
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
    void starts_that_need_a_failed_one_fail_with_it_however_long_the_chain_is() {
        unit("u0.service", "");
        Job first = queue.add("u0.service", Kind.START);
        for (int i = 1; i < 2000; i++) {
            unit("u" + i + ".service", "Requires=u" + (i - 1) + ".service\n");
            queue.add("u" + i + ".service", Kind.START);
        }
        Job last = java.util.Objects.requireNonNull(queue.of("u1999.service"));

        queue.finish(first, JobResult.TIMEOUT);

        assertThat(first.result()).contains(JobResult.TIMEOUT);
        assertThat(last.result()).contains(JobResult.DEPENDENCY);
        assertThat(queue.isEmpty()).isTrue();
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
}
