package flotilla.cli.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service up until it is told to end (SIGTERM, SIGINT: it is closed, and the process ends
 * as that signal ends one) or can't go on (exit code 1).
 */
final class ServiceRun {
    private static final Logger log = LoggerFactory.getLogger(ServiceRun.class);

    private static final int FAILED = 1;

    private ServiceRun() {}

    /**
     * Blocks for as long as the service runs.
     *
     * @param failure fails when the service can't go on
     */
    static int until(CompletableFuture<Void> failure, AutoCloseable service)
            throws InterruptedException {
        Thread farewell = new Thread(() -> close(service), "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            failure.get();
            throw new IllegalStateException("a service does not end by itself without a failure");
        } catch (ExecutionException | CompletionException e) {
            log.error("can't go on: {}", String.valueOf(e.getCause()));
            return FAILED;
        }
    }

    private static void close(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            log.error("ending", e);
        }
    }
}
