package flotilla.fleet.engine.office;

import flotilla.client.EtcdClientException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term after another, until the thread is interrupted. Whatever ends a term, another one
 * follows. What the cluster's model holds may be the cause, and then the next engine meets it too:
 * so each that fails waits longer, instead of all in turn ending.
 */
final class Terms {
    private static final Logger log = LoggerFactory.getLogger(Terms.class);

    /** Pause before standing for election again after the store, or a first term, failed. */
    static final Duration PAUSE = Duration.ofMillis(500);

    /** The longest pause after terms that failed, each twice as long as the one before. */
    static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    private final Term term;
    private final Sleep sleep;
    private final Consumer<Throwable> onFailed;

    /** Stands for election, and serves until it is over. */
    interface Term {
        void serve() throws InterruptedException;
    }

    interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    /**
     * @param onFailed hears of each term that failed by a mistake of ours
     */
    Terms(Term term, Sleep sleep, Consumer<Throwable> onFailed) {
        this.term = term;
        this.sleep = sleep;
        this.onFailed = onFailed;
    }

    void run() {
        Duration pause = PAUSE;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                pause = serve(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns how long to pause if the next one fails. */
    private Duration serve(Duration pause) throws InterruptedException {
        try {
            term.serve();
            return PAUSE;
        } catch (EtcdClientException e) {
            log.warn("engine: {}; standing for election again", e.getMessage());
            sleep.sleep(PAUSE);
            return pause;
        } catch (RuntimeException | StackOverflowError e) {
            onFailed.accept(e);
            log.error("engine: its term failed, standing for election again in {}", pause, e);
            sleep.sleep(pause);
            Duration twice = pause.multipliedBy(2);
            return twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
        }
    }
}
