package flotilla.platform;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Port: work that goes on beside everything else, one bounded step after the other. The simulator
 * has one of virtual time.
 */
public interface Background {
    /**
     * Begins to do steps, one at a time, until there is no more to do; then on each {@link
     * Work#wake}. What a step throws ends the work.
     *
     * @param pause between two steps that follow each other, so that others come first
     * @param step whether there is more to do just now
     * @param onFailure told what a step threw
     */
    Work begin(String name, Duration pause, BooleanSupplier step, Consumer<Throwable> onFailure);

    /** Work that goes on in the background. */
    interface Work extends AutoCloseable {
        /** There may be something to do. From any thread; never waits. */
        void wake();

        /** Returns when no step is under way, and none will be. */
        @Override
        void close();
    }

    /** A thread for each. */
    static Background threads() {
        return BackgroundThread::start;
    }
}
