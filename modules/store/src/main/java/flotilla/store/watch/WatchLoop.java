package flotilla.store.watch;

import java.util.concurrent.locks.LockSupport;

/** The one thread that drives a {@link WatchHub}. */
public final class WatchLoop implements AutoCloseable {
    private final WatchHub hub;
    private final Thread thread;
    private volatile boolean closed;

    public WatchLoop(WatchHub hub, Thread.UncaughtExceptionHandler onFailure) {
        this.hub = hub;
        this.thread =
                Thread.ofPlatform()
                        .name("store-watch")
                        .daemon()
                        .uncaughtExceptionHandler(onFailure)
                        .unstarted(this::run);
        hub.onWork(() -> LockSupport.unpark(thread));
        thread.start();
    }

    private void run() {
        while (!closed) {
            if (!hub.work()) {
                // An unpark between the work and here is remembered, so no wake is missed.
                LockSupport.park(this);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
