package flotilla.fleet.registry;

import flotilla.client.EtcdClientException;
import flotilla.client.Listing;
import flotilla.client.WatchListener;
import flotilla.client.WatchSpec;
import flotilla.fleet.cluster.Change;
import flotilla.platform.Registration;
import flotilla.protocol.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * List, then watch from the next revision; list again when the watch can't go on (compacted, or
 * refused). The watch itself goes on over the loss of a member.
 */
final class Following {
    private static final Logger log = LoggerFactory.getLogger(Following.class);

    /** Pause after the store did not answer. */
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);

    private final Registry registry;
    private final String prefix;
    private final ChangeListener listener;

    private Following(Registry registry, String prefix, ChangeListener listener) {
        this.registry = registry;
        this.prefix = prefix;
        this.listener = listener;
    }

    static Registration start(Registry registry, String prefix, ChangeListener listener) {
        Following following = new Following(registry, prefix, listener);
        Thread thread =
                Thread.ofVirtual().name("follow " + prefix).start(following::runUntilInterrupted);
        return thread::interrupt;
    }

    private void runUntilInterrupted() {
        boolean said = false;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                follow();
                said = false;
            } catch (EtcdClientException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (!said) {
                    log.warn("can't follow {}, trying on: {}", prefix, e.getMessage());
                    said = true;
                }
                if (!pause()) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | StackOverflowError e) {
                // Whoever listens would hear nothing more, and never know.
                log.error("following {} failed, listing again", prefix, e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY_PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Returns when it has to be listed again. */
    private void follow() throws InterruptedException {
        Listing listing = registry.listing(prefix);
        listener.reset(registry.stored(listing.kvs()), listing.revision());
        CompletableFuture<Void> over = new CompletableFuture<>();
        WatchListener heard =
                new WatchListener() {
                    @Override
                    public void onEvents(List<Event> events) {
                        if (!over.isDone()) {
                            listener.changed(
                                    changes(events), events.getLast().getKv().getModRevision());
                        }
                    }

                    @Override
                    public void onCompacted(long compactRevision) {
                        log.info("{}: compacted at {}, listing again", prefix, compactRevision);
                        over.complete(null);
                    }

                    @Override
                    public void onFailed(RuntimeException failure) {
                        over.completeExceptionally(failure);
                    }
                };
        WatchSpec spec = WatchSpec.prefix(prefix, listing.revision() + 1);
        try (Registration watch = registry.watch(spec, heard)) {
            over.get();
        } catch (ExecutionException e) {
            throw new EtcdClientException.Unavailable(
                    "watch of " + prefix + " ended: " + e.getMessage(), e);
        } finally {
            over.complete(null);
        }
    }

    private List<Change> changes(List<Event> events) {
        List<Change> changes = new ArrayList<>(events.size());
        events.forEach(event -> registry.change(event).ifPresent(changes::add));
        return changes;
    }
}
