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
}
