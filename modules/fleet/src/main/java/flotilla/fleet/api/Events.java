package flotilla.fleet.api;

import flotilla.client.EtcdClientException;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.registry.TailListener;
import flotilla.platform.Registration;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /flotilla/v1/events}: what changes in the cluster, as server-sent events ({@code
 * text/event-stream}). The event's name is the kind of key.
 *
 * <p>The first event is {@code reset}: all that changes after its revision follows. A reader that
 * was cut off gives the last id that it has seen as {@code Last-Event-ID} and hears what came
 * since, or {@code reset} again where the store has forgotten it; one that is too slow is sent
 * {@code reset} too. An id is a revision, and is only told with the last event of that revision;
 * while nothing passes the filter it is told with a comment, so that it stays young.
 */
final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);

    /** Events waiting for one reader. */
    private static final int QUEUE = 4_096;

    /** How often a quiet stream sends a comment, so that a reader that has gone is noticed. */
    private static final long IDLE_MILLIS = 5_000;

    private final Registry registry;

    Events(Registry registry) {
        this.registry = registry;
    }

    Response stream(Request request) throws ApiException {
        EventFilter filter = EventFilter.of(request);
        long seen = lastSeen(request);
        long now = registry.revision();
        // Of a store that was made anew: what it will call so is still to come.
        boolean known = seen > 0 && seen <= now;
        return new Response.Streamed(
                200,
                Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
                sink ->
                        writeTo(
                                sink,
                                filter,
                                known ? new Start(seen, false) : new Start(now, true)));
    }

    /**
     * @param anew whether the reader is to read everything as of this revision or a later one
     */
    private record Start(long revision, boolean anew) {}

    private static long lastSeen(Request request) throws ApiException {
        String text = request.header("last-event-id").orElse("");
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ApiException(400, "Last-Event-ID \"" + text + "\" is no id of an event");
        }
    }

    /** Ends when the store does not answer: the reader comes back with what it has seen last. */
    private void writeTo(Response.Sink sink, EventFilter filter, Start start)
            throws IOException, InterruptedException {
        Start next = start;
        while (!sink.closed()) {
            Feed feed = new Feed(filter, next.revision());
            if (next.anew()) {
                feed.offer(EventBody.reset(next.revision()), true);
            }
            try (Registration following = registry.tail(next.revision(), feed)) {
                if (!feed.pourInto(sink)) {
                    return;
                }
            }
            try {
                next = new Start(registry.revision(), true);
            } catch (EtcdClientException e) {
                log.debug("a stream of events ends: {}", e.getMessage());
                return;
            }
        }
    }

    /** An event on its way. The last of a revision carries its id; none at all ends the stream. */
    private record Item(@Nullable EventBody event, boolean last, boolean compacted) {
        String text() {
            return event == null
                    ? ""
                    : "%sevent: %s\ndata: %s\n\n"
                            .formatted(
                                    last ? "id: " + event.revision() + "\n" : "",
                                    event.kind(),
                                    Json.write(event));
        }
    }

    /** Between the watch, which must not wait, and a reader, who may be slow. */
    private static final class Feed implements TailListener {
        private final EventFilter filter;
        private final BlockingQueue<Item> queue = new ArrayBlockingQueue<>(QUEUE);
        private volatile long heard;

        Feed(EventFilter filter, long heard) {
            this.filter = filter;
            this.heard = heard;
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            List<EventBody> passing = new ArrayList<>();
            for (Change change : changes) {
                EventBody event = EventBody.of(change, revision);
                if (filter.passes(event)) {
                    passing.add(event);
                }
            }
            for (int i = 0; i < passing.size(); i++) {
                offer(passing.get(i), i == passing.size() - 1);
            }
            heard = revision;
        }

        @Override
        public void ended(boolean compacted) {
            queue.clear();
            queue.add(new Item(null, false, compacted));
        }

        void offer(EventBody event, boolean last) {
            if (!queue.offer(new Item(event, last, false))) {
                queue.clear();
                queue.add(new Item(EventBody.reset(event.revision()), true, false));
            }
        }

        /** Returns whether the stream goes on, from a later revision; else it is over. */
        boolean pourInto(Response.Sink sink) throws IOException, InterruptedException {
            while (!sink.closed()) {
                Item item = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                long upTo = heard;
                if (item == null) {
                    // Once more: then all that was heard is written, or did not pass.
                    item = queue.poll();
                }
                if (item != null && item.event() == null) {
                    return item.compacted();
                }
                String text = item == null ? ":\nid: " + upTo + "\n\n" : item.text();
                sink.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return false;
        }
    }
}
