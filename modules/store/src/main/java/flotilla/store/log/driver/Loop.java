package flotilla.store.log.driver;

import flotilla.platform.Clock;
import java.util.concurrent.Executor;

/**
 * Port: the one thread that owns the consensus core, and the time it goes by. Tasks run one at a
 * time, in the order they came. The simulator has one of virtual time.
 */
public interface Loop extends Executor {
    /** Runs a task on the loop, not before that time has passed. */
    void after(long nanos, Runnable task);

    Clock clock();
}
