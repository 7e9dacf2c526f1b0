package flotilla.platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A timer's task that comes again whatever it threw. A {@link
 * java.util.concurrent.ScheduledExecutorService} drops a task that threw once, for ever and without
 * a word. An {@link Error} does end it, with a word.
 *
 * @param name for the log: what won't have happened this time
 */
public record Recurring(String name, Runnable task) implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Recurring.class);

    @Override
    public void run() {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("{} failed this time, and is tried again at the next", name, e);
        } catch (Error e) {
            log.error("{} has ended", name, e);
            throw e;
        }
    }
}
