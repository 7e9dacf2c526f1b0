package flotilla.store.compaction;

import flotilla.platform.Clock;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a member's {@link Rhythm}, and has the log compact what that names. */
public final class AutoCompactor {
    private static final Logger log = LoggerFactory.getLogger(AutoCompactor.class);

    private final Retention retention;
    private final Clock clock;
    private final Store store;
    private final Rhythm rhythm;
    private boolean underWay;

    /** What is compacted. */
    public interface Store {
        long revision();

        boolean leads();

        /** Has the log compact all up to a revision. */
        CompletableFuture<?> compact(long revision);
    }

    public AutoCompactor(Retention retention, Clock clock, Store store) {
        this.retention = retention;
        this.clock = clock;
        this.store = store;
        this.rhythm = Rhythm.of(retention, clock.nanos(), store.revision());
    }

    /** How often to {@link #beat}. */
    public Duration pause() {
        return rhythm.pause();
    }

    /** To be called once after each pause. Doesn't wait for the log. */
    public synchronized void beat() {
        OptionalLong due = rhythm.beat(clock.nanos(), store.revision(), store.leads() && !underWay);
        if (due.isEmpty()) {
            return;
        }
        long revision = due.getAsLong();
        log.info("Starting auto-compaction at revision {} (retention: {})", revision, retention);
        underWay = true;
        CompletableFuture<?> _ =
                attempt(store::compact, revision)
                        .whenComplete((_, failure) -> ended(revision, failure));
    }

    private static CompletableFuture<?> attempt(
            LongFunction<CompletableFuture<?>> compaction, long revision) {
        try {
            return compaction.apply(revision);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void ended(long revision, @Nullable Throwable failure) {
        underWay = false;
        if (failure == null || isCompacted(failure)) {
            rhythm.compacted(clock.nanos());
            log.info("Finished auto-compaction at revision {}", revision);
        } else {
            log.warn(
                    "Failed auto-compaction at revision {} ({}); it is tried again after {}",
                    revision,
                    failure.getMessage(),
                    rhythm.pause());
        }
    }

    /** Somebody else has done it, or more. */
    private static boolean isCompacted(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof EtcdException refused && refused.error() == EtcdError.COMPACTED;
    }
}
