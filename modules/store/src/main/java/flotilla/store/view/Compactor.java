package flotilla.store.view;

import flotilla.platform.Background;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Compaction;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Deletes compacted history in the background, step by step; goes on after a restart where it was.
 * Restoring a snapshot and a step exclude each other, for a step is planned on one state and must
 * not be written to another.
 */
final class Compactor implements AutoCloseable {
    /** Entries of history looked at in one step. */
    private static final int STEP_ENTRIES = 1000;

    /** Pause between steps, so that the writes of clients come first. */
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final Backend backend;
    private final ReentrantLock step = new ReentrantLock();
    private final List<Waiting> waiting = new ArrayList<>();
    private final Background.Work work;

    private record Waiting(long revision, CompletableFuture<Void> done) {}

    Compactor(Backend backend, Background background, Consumer<Throwable> onFailure) {
        this.backend = backend;
        this.work = background.begin("store-compactor", PAUSE, this::work, onFailure);
    }

    /** There may be something to delete. */
    void wake() {
        work.wake();
    }

    /** Completes when everything compacted up to a revision is deleted. */
    CompletableFuture<Void> deleted(long revision) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (waiting) {
            waiting.add(new Waiting(revision, done));
        }
        wake();
        return done;
    }

    interface Action {
        void run() throws IOException;
    }

    /** Runs something while no step is under way. */
    void betweenSteps(Action action) throws IOException {
        step.lock();
        try {
            action.run();
            next = null; // A place in what was there before.
        } finally {
            step.unlock();
        }
        wake();
    }

    private boolean work() {
        boolean more = oneStep();
        if (!more) {
            tellWaiting();
        }
        return more;
    }

    private byte @Nullable [] next;

    /** Whether there is more to do. */
    private boolean oneStep() {
        step.lock();
        try {
            Compaction.Step planned;
            try (Backend.View view = backend.view()) {
                if (!Compaction.isDue(view)) {
                    return false;
                }
                planned = Compaction.step(view, next, STEP_ENTRIES);
            }
            backend.write(planned.changes());
            next = planned.next();
            return true;
        } finally {
            step.unlock();
        }
    }

    private void tellWaiting() {
        long upTo;
        try (Backend.View view = backend.view()) {
            upTo = Compaction.deletedUpTo(view);
        }
        List<Waiting> told = new ArrayList<>();
        synchronized (waiting) {
            for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
                Waiting one = all.next();
                if (one.revision() <= upTo) {
                    told.add(one);
                    all.remove();
                }
            }
        }
        told.forEach(one -> one.done().complete(null));
    }

    @Override
    public void close() {
        work.close();
        synchronized (waiting) {
            waiting.forEach(
                    one -> one.done().completeExceptionally(new EtcdException(EtcdError.STOPPED)));
            waiting.clear();
        }
    }
}
