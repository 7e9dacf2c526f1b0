package flotilla.store.watch;

import static flotilla.store.Commands.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.protocol.Event;
import flotilla.protocol.KeyValue;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.Commands;
import flotilla.store.SteppedStore;
import flotilla.store.command.CommandBatch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Watchers of what is more than one answer holds. */
class LargeAnswersTest {
    private static final int KEYS = 60_000;

    /** Makes 60,000 deletions more than one answer holds; ten are still in one. */
    private static final String FILLING = "/".repeat(100);

    private final SteppedStore store = new SteppedStore();

    @Test
    void a_revision_that_is_too_large_is_told_in_marked_parts_and_closed() {
        RecordingSink sink = watch(WatchCreateRequest.newBuilder());
        putMany();
        store.settle();
        int before = sink.responses().size();

        store.apply(Commands.delete("k", "l"), Commands.put("k", "after"));
        store.settle();

        List<WatchResponse> answers = sink.responses().subList(before, sink.responses().size());
        List<Event> events = answers.stream().flatMap(a -> a.getEventsList().stream()).toList();
        assertThat(events).hasSize(KEYS + 1).doesNotHaveDuplicates();
        assertThat(events).isSortedAccordingTo(LargeAnswersTest::inOrder);
        assertThat(answers).hasSizeGreaterThan(2);
        long deleted = events.getFirst().getKv().getModRevision();
        List<Boolean> marks =
                answers.stream()
                        .filter(a -> a.getEvents(0).getKv().getModRevision() == deleted)
                        .map(WatchResponse::getFragment)
                        .toList();
        assertThat(marks.subList(0, marks.size() - 1)).isNotEmpty().containsOnly(true);
        assertThat(marks.getLast()).isFalse();
        assertThat(answers.getLast().getFragment()).isFalse();
    }

    @Test
    void a_watcher_of_some_keys_of_such_a_revision_hears_its_end_too() {
        RecordingSink sink = watch(WatchCreateRequest.newBuilder().setRangeEnd(bytes("k1")));
        putMany();
        store.settle();
        int before = sink.responses().size();

        store.apply(Commands.delete("k", "l"));
        store.settle();

        List<WatchResponse> answers = sink.responses().subList(before, sink.responses().size());
        assertThat(answers.stream().mapToInt(WatchResponse::getEventsCount).sum())
                .isEqualTo(10_000);
        assertThat(answers.getLast().getFragment()).isFalse();
    }

    @Test
    void previous_values_are_loaded_for_those_that_want_them_a_few_megabytes_at_a_time() {
        String large = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            store.apply(Commands.put("k" + i, large));
        }
        RecordingSink wanting = watch(WatchCreateRequest.newBuilder().setPrevKv(true));
        RecordingSink other = watch(WatchCreateRequest.newBuilder());
        store.settle();

        store.apply(Commands.delete("k", "l"));
        store.settle();

        assertThat(wanting.responses()).allMatch(answer -> answer.getSerializedSize() < 6 << 20);
        assertThat(events(wanting))
                .hasSize(20)
                .allMatch(event -> event.getPrevKv().getValue().size() == large.length());
        assertThat(events(other)).hasSize(20).noneMatch(Event::hasPrevKv);
        assertThat(wanting.responses().getLast().getFragment()).isFalse();
    }

    @Test
    void many_watchers_of_the_same_keys_all_hear_everything() {
        List<RecordingSink> sinks =
                IntStream.range(0, 500)
                        .mapToObj(_ -> watch(WatchCreateRequest.newBuilder()))
                        .toList();
        store.settle();
        CommandBatch.Builder batch = CommandBatch.newBuilder();
        for (int i = 0; i < 3_000; i++) {
            batch.addCommands(Commands.put("k" + i, "v"));
        }

        store.apply(batch.build());
        store.apply(Commands.delete("k", "l"));
        store.settle();

        assertThat(sinks).allSatisfy(sink -> assertThat(events(sink)).hasSize(6_000));
    }

    private static List<Event> events(RecordingSink sink) {
        return sink.responses().stream().flatMap(a -> a.getEventsList().stream()).toList();
    }

    private static int inOrder(Event one, Event other) {
        KeyValue a = one.getKv();
        KeyValue b = other.getKv();
        return a.getModRevision() != b.getModRevision()
                ? Long.compare(a.getModRevision(), b.getModRevision())
                : a.getKey().toStringUtf8().compareTo(b.getKey().toStringUtf8());
    }

    private RecordingSink watch(WatchCreateRequest.Builder request) {
        RecordingSink sink = new RecordingSink();
        if (request.getRangeEnd().isEmpty()) {
            request.setRangeEnd(bytes("l"));
        }
        store.hub.open(sink).create(request.setKey(bytes("k")).build());
        store.settle();
        return sink;
    }

    private void putMany() {
        CommandBatch.Builder batch = CommandBatch.newBuilder();
        for (int i = 0; i < KEYS; i++) {
            batch.addCommands(Commands.put("k%05d%s".formatted(i, FILLING), "v"));
        }
        store.apply(batch.build());
    }
}
