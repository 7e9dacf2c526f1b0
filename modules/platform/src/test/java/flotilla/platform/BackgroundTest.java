package flotilla.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class BackgroundTest {
    /** A lock that is waited for uses up the permit that a wake left. */
    @Test
    void a_wake_during_a_step_that_waits_for_a_lock_is_not_lost() throws InterruptedException {
        CountDownLatch inStep = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(1);
        AtomicInteger steps = new AtomicInteger();
        Background.Work work =
                Background.threads()
                        .begin(
                                "test",
                                Duration.ZERO,
                                () -> {
                                    if (steps.getAndIncrement() == 0) {
                                        inStep.countDown();
                                        await(woken);
                                        LockSupport.parkNanos(this, 1);
                                    } else {
                                        again.countDown();
                                    }
                                    return false;
                                },
                                _ -> {});
        inStep.await();
        work.wake();
        woken.countDown();

        assertThat(again.await(20, TimeUnit.SECONDS)).as("a second step").isTrue();
        work.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
