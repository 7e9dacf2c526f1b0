package flotilla.cli.service;

import flotilla.platform.notify.Notifier;
import flotilla.platform.notify.Watchdog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a service up until it is told to end (SIGTERM, SIGINT: it is closed, and the process ends
 * as that signal ends one) or can't go on (exit code 1). The service manager hears of it.
 */
final class ServiceRun {
    private static final Logger log = LoggerFactory.getLogger(ServiceRun.class);

    private static final int FAILED = 1;

    private ServiceRun() {}

    /**
     * How a service stands.
     *
     * @param ready completes when it serves
     * @param failure fails when it can't go on
     * @param pulse completes when its loops have come round
     */
    record Signs(
            CompletableFuture<Void> ready,
            CompletableFuture<Void> failure,
            Supplier<CompletableFuture<Void>> pulse) {
        /** Of one that serves already, and whose loops are not asked. */
        static Signs running(CompletableFuture<Void> failure) {
            CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
            return new Signs(done, failure, () -> done);
        }
    }

    /** Blocks for as long as the service runs. */
    static int until(Signs signs, AutoCloseable service) throws InterruptedException {
        Notifier manager = Notifier.ofThisProcess();
        Thread farewell =
                new Thread(
                        () -> {
                            manager.stopping();
                            close(service);
                        },
                        "farewell");
        Runtime.getRuntime().addShutdownHook(farewell);
        CompletableFuture<Void> _ = signs.ready().thenRun(manager::ready);
        CompletableFuture<Void> failure = signs.failure();
        try (Watchdog _ = Watchdog.begin(manager, signs.pulse())) {
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
