package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.platform.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenSweepTest {
    @TempDir private Path directory;

    /** Fails the sweeper, and nobody else, until it has done so twice. */
    private static final class FailingClock implements Clock {
        private final AtomicInteger failures = new AtomicInteger();
        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            boolean sweeper = Thread.currentThread().getName().equals("token-sweeper");
            if (sweeper && failures.getAndIncrement() < 2) {
                throw new IllegalStateException("a fault of the sweeper's");
            }
            return now;
        }
    }

    @Test
    void a_sweep_that_throws_is_followed_by_the_next() throws IOException {
        FailingClock clock = new FailingClock();
        try (TokenService tokens = TokenService.open(directory, clock)) {
            assertThat(tokens.create(3)).isPresent();
            clock.now = clock.now.plus(TokenService.FORGET_AFTER).plusMillis(1);

            await().until(() -> tokens.count() == 0);

            assertThat(clock.failures.get()).isGreaterThan(2);
        }
    }
}
