package flotilla.fleet.agent.loop;

import flotilla.client.EtcdClientException;
import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.image.Images;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets units their images, each on a thread of its own, and on one more sees to what lies here:
 * says which images are whole when something may have changed, and now and then fetches what too
 * few machines have, and removes what no image of the cluster needs.
 */
final class ImageDesk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ImageDesk.class);

    /** Between two looks at what others lack: a machine that restarts is not yet missed. */
    private static final Duration ROUND = Duration.ofSeconds(60);

    private final Images images;
    private final Clock clock;
    private final Consumer<Event> events;
    private final BlockingQueue<Boolean> calls = new LinkedBlockingQueue<>();
    private final Registration following;
    private final Thread thread = Thread.ofVirtual().name("agent's images").unstarted(this::run);
    private Set<String> lacking = Set.of();

    /** One that looks when it is told to. */
    ImageDesk(Images images, Registry registry, Clock clock, Consumer<Event> events) {
        this.images = images;
        this.clock = clock;
        this.events = events;
        this.following = registry.follow(registry.layout().images(), new Calls());
        images.subscribe(this::call);
    }

    static ImageDesk over(Images images, Registry registry, Clock clock, Consumer<Event> events) {
        ImageDesk desk = new ImageDesk(images, registry, clock, events);
        desk.thread.start();
        return desk;
    }

    private final class Calls implements ChangeListener {
        @Override
        public void reset(List<Stored> all, long revision) {
            call();
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            call();
        }
    }

    private void call() {
        calls.add(true);
    }

    void fetch(Action.Fetch fetch) {
        Thread.ofVirtual()
                .name("images of " + fetch.unit())
                .start(() ->
                        events.accept(
                                new Event.Fetched(fetch.order(), fetch.unit(), problem(fetch))));
    }

    private String problem(Action.Fetch fetch) {
        try {
            for (String name : fetch.wishes().named()) {
                supply(
                        images.find(name)
                                .orElseThrow(() ->
                                        new IOException(
                                                "the cluster has no image %s: flotilla image push brings it"
                                                        .formatted(name))),
                        fetch);
            }
            for (String name : fetch.wishes().used()) {
                Optional<Image> known = images.find(name);
                if (known.isPresent()) {
                    supply(known.get(), fetch);
                }
            }
            return "";
        } catch (IOException | EtcdClientException e) {
            log.warn("{} waits: {}", fetch.unit(), e.getMessage());
            return String.valueOf(e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            log.error("getting the images of {} failed here", fetch.unit(), e);
            return e.toString();
        }
    }

    private void supply(Image image, Action.Fetch fetch) throws IOException {
        images.supply(
                image,
                words -> events.accept(new Event.Fetching(fetch.order(), fetch.unit(), words)));
    }

    private void run() {
        try {
            while (true) {
                boolean called = calls.poll(ROUND.toMillis(), TimeUnit.MILLISECONDS) != null;
                calls.clear();
                look(!called);
            }
        } catch (InterruptedException closed) {
            following.close();
        }
    }

    /**
     * @param isRound whether it also looks after what others lack and what nobody needs
     */
    void look(boolean isRound) {
        try {
            List<Image> all = images.all();
            if (isRound) {
                tidy(all);
                spread(all);
            }
            events.accept(new Event.Holds(images.whole(all)));
        } catch (EtcdClientException e) {
            log.debug("images: the store was asked in vain: {}", e.getMessage());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            log.error("images can't be seen to, trying on: {}", e.toString());
        }
    }

    /** A name whose image can't be read here may be that of any blob: then nothing goes. */
    private void tidy(List<Image> all) throws IOException {
        if (images.areAllReadable(all)) {
            Set<String> claimed = new HashSet<>();
            all.forEach(image -> image.blobs().stream().map(Blob::digest).forEach(claimed::add));
            int gone = images.blobs().sweep(claimed, clock.now());
            if (gone > 0) {
                log.info("{} blobs of no image are removed", gone);
            }
        }
    }

    /** Only what was lacking in the round before too: a push comes about by steps. */
    private void spread(List<Image> all) throws IOException {
        Set<String> now = new HashSet<>();
        for (Image image : all) {
            String digest = image.config().digest();
            if (!images.isWhole(image) && images.isToHave(image)) {
                now.add(digest);
                if (lacking.contains(digest)) {
                    images.fetch(image, Optional.empty(), log::debug);
                }
            }
        }
        lacking = now;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
