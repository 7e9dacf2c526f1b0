package flotilla.machine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.FakeInit.Delivery;
import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Init.UnitDirectory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FakeInitTest extends InitContract {
    private static final String A = "a.service";

    private final FakeInit init = new FakeInit();
    private final Ports ports = init.ports("id", "m1");

    @Override
    protected Ports ports() {
        return ports;
    }

    @Override
    protected boolean isReal() {
        return false;
    }

    @Override
    protected void log(String unit, String words) {
        init.journal().log(new JournalLine(Instant.EPOCH, unit, "echo", 1, words));
    }

    @Test
    void a_job_has_done_its_work_before_word_of_it_comes_late() {
        load();
        init.deliver(Delivery.LATE);

        var result = init.job(JobVerb.START, A);

        assertThat(init.isRunning(A)).isTrue();
        assertThat(result).isNotDone();
        init.deliver();
        assertThat(result).isCompletedWithValue(JobResult.DONE);
    }

    @Test
    void word_of_a_job_that_never_comes_ends_as_unknown() {
        load();
        init.deliver(Delivery.NEVER);

        var result = init.job(JobVerb.START, A);
        init.deliver();
        assertThat(result).isNotDone();
        init.letTimePass();

        assertThat(result).isCompletedWithValue(JobResult.UNKNOWN);
        assertThat(init.isRunning(A)).isTrue();
    }

    @Test
    void word_of_a_change_may_come_twice() {
        load();
        init.deliver(Delivery.TWICE);
        List<Set<String>> told = new ArrayList<>();
        init.subscribe(told::add);

        assertThat(init.job(JobVerb.START, A)).isCompletedWithValue(JobResult.DONE);

        assertThat(told).containsExactly(Set.of(A), Set.of(A));
        assertThat(init.starts(A)).isOne();
    }

    private void load() {
        init.write(UnitDirectory.RUNTIME, A, "[Service]\nExecStart=/bin/sleep 1000\n");
        init.reload().join();
    }
}
