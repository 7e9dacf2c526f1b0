package flotilla.fleet.api;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes as they happen: {@link Events} from the other end. A connection that is lost is
 * made again, and goes on after the last event that came. For one thread.
 */
public final class News implements AutoCloseable {
    /** The server says something every five seconds; one that doesn't for so long is gone. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    /** Events that nobody has taken yet; of more than that only is said that there were some. */
    private static final int QUEUE = 4_096;

    private final HttpCaller caller;
    private final String path;
    private final Patience patience;
    private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread reader;
    private volatile @Nullable ReplyStream stream;
    private volatile boolean closed;
    private String lastId;

    /**
     * One change.
     *
     * @param kind of what has changed; {@code reset} when anything may have
     * @param name of the unit or machine
     * @param event as the API tells it
     */
    public record Item(String kind, String name, JsonObject event) {
        private static final Item ANYTHING =
                new Item(EventBody.RESET, "", new JsonObject(Map.of()));

        /** The line of history that it is; empty for another kind. */
        public Optional<DeedBody> deed() {
            return value(EventBody.HISTORY).map(DeedBody::read);
        }

        /** What a machine says of a unit; empty for another kind, and for what it says no more. */
        public Optional<StateBody> state() {
            return value("state").map(StateBody::read);
        }

        private Optional<JsonObject> value(String of) {
            return Optional.of(event)
                    .filter(_ -> kind.equals(of) && !event.flag("removed"))
                    .flatMap(told -> Optional.ofNullable(told.object("value")));
        }

        /** Whether everything has to be looked at anew. */
        public boolean isReset() {
            return kind.equals(EventBody.RESET);
        }
    }

    private volatile @Nullable FleetException failure;

    /**
     * @param lastId of the last event that was heard before; empty for none
     * @param patience how long fleet may be away
     */
    News(HttpCaller caller, String path, String lastId, Duration patience) {
        this.lastId = lastId;
        this.caller = caller.timeout(SILENCE_MAX);
        this.path = path;
        this.patience = new Patience(patience);
        this.reader = Thread.ofVirtual().name("news").start(this::read);
    }

    /**
     * Blocks until something has changed, or the time is up: then it is empty. The first answer is
     * a reset.
     *
     * @throws FleetException when fleet is away for too long, or refuses
     */
    public List<Item> await(Duration max) throws InterruptedException {
        List<Item> items = new ArrayList<>();
        Item first = queue.poll(max.toNanos(), TimeUnit.NANOSECONDS);
        FleetException failed = failure;
        if (failed != null) {
            throw failed;
        }
        if (first != null) {
            items.add(first);
            queue.drainTo(items);
        }
        return items;
    }

    private void read() {
        while (!closed) {
            try {
                if (follow()) {
                    patience.renew();
                }
            } catch (FleetException e) {
                if (!e.isTemporary() || patience.isOver()) {
                    fail(e);
                    return;
                }
            }
            patience.pause();
        }
    }

    private void fail(FleetException e) {
        failure = e;
        offer(Item.ANYTHING);
    }

    /** Returns when the stream has ended, whether it was one. */
    private boolean follow() {
        Map<String, String> headers = lastId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastId);
        boolean heard = false;
        try (ReplyStream reply = caller.open("GET", path, headers, new byte[0])) {
            stream = reply;
            if (reply.status() == 404) {
                // The original tells no events: what is waited for is looked at now and then.
                offer(Item.ANYTHING);
                return true;
            }
            if (reply.status() >= 400) {
                String text = reply.readLine().orElse("");
                throw FleetException.answered(reply.status(), text);
            }
            for (Optional<String> line = reply.readLine();
                    line.isPresent() && !closed;
                    line = reply.readLine()) {
                heard = true;
                take(line.get());
            }
            return heard;
        } catch (IOException e) {
            if (heard) {
                return true;
            }
            throw FleetClient.unanswered(e);
        }
    }

    private void take(String line) {
        if (line.startsWith("id: ")) {
            lastId = line.substring("id: ".length());
        } else if (line.startsWith("data: ")) {
            JsonObject event = JsonObject.read(line.substring("data: ".length()));
            offer(new Item(event.requiredText("kind"), event.requiredText("name"), event));
        }
    }

    private void offer(Item item) {
        if (!queue.offer(item)) {
            queue.clear();
            queue.add(Item.ANYTHING);
        }
    }

    @Override
    public void close() {
        closed = true;
        reader.interrupt();
        ReplyStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}
