package flotilla.machine.systemd;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reloads systemd, once for all who asked before it began: it costs as much for many files as for
 * one.
 */
final class Reloads {
    private final Deed deed;
    private @Nullable CompletableFuture<Void> next;
    private boolean running;

    /** Reads all files again; blocks. */
    interface Deed {
        void run() throws IOException;
    }

    Reloads(Deed deed) {
        this.deed = deed;
    }

    /** Ends when a reload that began after this call has. */
    synchronized CompletableFuture<Void> ask() {
        CompletableFuture<Void> mine = next;
        if (mine == null) {
            mine = new CompletableFuture<>();
            next = mine;
        }
        if (!running) {
            running = true;
            Thread.ofVirtual().name("systemd's reload").start(this::run);
        }
        return mine;
    }

    private void run() {
        for (CompletableFuture<Void> now = take(); now != null; now = take()) {
            try {
                deed.run();
                now.complete(null);
            } catch (IOException | RuntimeException e) {
                now.completeExceptionally(e);
            }
        }
    }

    private synchronized @Nullable CompletableFuture<Void> take() {
        CompletableFuture<Void> now = next;
        next = null;
        running = now != null;
        return now;
    }
}
