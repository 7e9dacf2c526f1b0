package flotilla.store.corruption;

import flotilla.store.log.driver.Loop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What a check works with. The simulator has some of virtual time.
 *
 * @param worker reads all keys, and may be kept busy for long
 * @param loop does all else, and never waits
 * @param chance numbers comparisons
 */
public record Means(Executor worker, Loop loop, RandomGenerator chance) {
    /** Completes on the loop, not before that time has passed. */
    CompletableFuture<Void> pause(Duration pause) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.after(pause.toNanos(), () -> over.complete(null));
        return over;
    }
}
