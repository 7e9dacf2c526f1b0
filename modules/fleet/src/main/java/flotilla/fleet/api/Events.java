package flotilla.fleet.api;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Registration;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code /flotilla/v1/events}: what changes in the cluster, as server-sent events ({@code
 * text/event-stream}). The event's name is the kind of key, its id the store's revision. A reader
 * that is too slow is sent {@code reset} and should read everything again.
 */
final class Events {
    /** Events waiting for one reader. */
    private static final int QUEUE = 4_096;

    /** How often a quiet stream sends a comment, so that a reader that has gone is noticed. */
    private static final long IDLE_MILLIS = 5_000;

    private final Registry registry;

    Events(Registry registry) {
        this.registry = registry;
    }

    /**
     * @param value absent for what was removed
     */
    private record Event(
            String kind,
            String name,
            @Nullable String machineID,
            boolean removed,
            @Nullable Object value,
            long revision) {}

    Response stream() {
        return new Response.Streamed(
                200,
                Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"),
                this::writeTo);
    }

    private void writeTo(Response.Sink sink) throws IOException, InterruptedException {
        BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
        try (Registration following =
                registry.follow(registry.layout().prefix(), new Listener(queue))) {
            while (!sink.closed()) {
                Event event = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                sink.write(text(event).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static String text(@Nullable Event event) {
        return event == null
                ? ":\n\n"
                : "id: %d\nevent: %s\ndata: %s\n\n"
                        .formatted(event.revision(), event.kind(), Json.write(event));
    }

    private record Listener(BlockingQueue<Event> queue) implements ChangeListener {
        @Override
        public void reset(List<Stored> all, long revision) {
            offer(new Event("reset", "", null, false, null, revision));
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            for (Change change : changes) {
                offer(
                        switch (change) {
                            case Change.Put(Entry entry, long at) ->
                                    event(entry.key(), value(entry), at);
                            case Change.Removed(Key key) -> event(key, null, revision);
                        });
            }
        }

        private void offer(Event event) {
            if (!queue.offer(event)) {
                queue.clear();
                queue.add(new Event("reset", "", null, false, null, event.revision()));
            }
        }

        private static Event event(Key key, @Nullable Object value, long revision) {
            boolean removed = value == null;
            return switch (key) {
                case Key.OfJob(String unit) ->
                        new Event("unit", unit, null, removed, value, revision);
                case Key.OfText(String hash) ->
                        new Event("text", hash, null, removed, null, revision);
                case Key.OfMachine(String id) ->
                        new Event("machine", id, id, removed, value, revision);
                case Key.OfMetadata(String id, String name) ->
                        new Event("metadata", name, id, removed, value, revision);
                case Key.OfEligibility(String id) ->
                        new Event("eligibility", id, id, removed, value, revision);
                case Key.OfOwner(String unit) ->
                        new Event("owner", unit, null, removed, value, revision);
                case Key.OfPlacement(String id, String unit) ->
                        new Event("placement", unit, id, removed, value, revision);
                case Key.OfAcknowledgement(String id, String unit) ->
                        new Event("acknowledgement", unit, id, removed, value, revision);
                case Key.OfStrikes(String unit) ->
                        new Event("strikes", unit, null, removed, value, revision);
                case Key.OfSighting(String id) ->
                        new Event("sighting", id, id, removed, value, revision);
                case Key.OfLeaving(String id) ->
                        new Event("leaving", id, id, removed, value, revision);
                case Key.Unknown(String path) ->
                        new Event("unknown", path, null, removed, null, revision);
                case Key.OfState(String id, String unit) ->
                        new Event("state", unit, id, removed, value, revision);
            };
        }

        private static Object value(Entry entry) {
            return switch (entry) {
                case Entry.OfJob(var job) ->
                        Map.of("desiredState", job.desired().text(), "hash", job.hash());
                case Entry.OfText text -> "";
                case Entry.OfMachine(var machine) -> MachineBody.whole(machine);
                case Entry.OfMetadata metadata -> metadata.value().orElse("");
                case Entry.OfEligibility(String id, var word) -> word.text();
                case Entry.OfOwner owner -> owner.machineId();
                case Entry.OfPlacement placement -> placement.assignment().desired().text();
                case Entry.OfAcknowledgement(String id, String unit, var said) -> said;
                case Entry.OfStrikes(String unit, var against) -> against.count();
                case Entry.OfSighting(String id, var sighting) -> sighting;
                case Entry.OfLeaving leaving -> "";
                case Entry.Unreadable unreadable -> "";
                case Entry.OfState(var state) -> StateBody.of(state);
            };
        }
    }
}
