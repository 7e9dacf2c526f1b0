package flotilla.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecurringTest {
    @Test
    void a_timer_goes_on_after_a_task_that_threw() throws InterruptedException {
        CountDownLatch times = new CountDownLatch(3);
        Runnable throwing =
                () -> {
                    times.countDown();
                    throw new IllegalStateException("each time");
                };
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            Future<?> ticking =
                    timer.scheduleAtFixedRate(
                            new Recurring("a test", throwing), 0, 1, TimeUnit.MILLISECONDS);

            assertThat(times.await(30, TimeUnit.SECONDS)).isTrue();
            ticking.cancel(false);
        }
    }
}
