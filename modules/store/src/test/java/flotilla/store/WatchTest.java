package flotilla.store;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.compact;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.watch.RecordingSink;
import flotilla.store.watch.WatchStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches, with every step of the hub made by the test. */
class WatchTest {
    private final SteppedStore store = new SteppedStore();
    private final RecordingSink sink = new RecordingSink();
    private final WatchStream stream = store.hub.open(sink);

    private static WatchCreateRequest.Builder watch(String key, long start) {
        return WatchCreateRequest.newBuilder().setKey(bytes(key)).setStartRevision(start);
    }

    @Test
    void a_watch_without_a_start_hears_of_what_comes_after_it_was_asked_for() {
        store.apply(put("a", "before"));
        stream.create(watch("a", 0).build());
        store.settle();
        store.apply(put("a", "after"), put("b", "other"));
        store.settle();
        assertThat(sink.responses()).hasSize(2);
        assertThat(sink.responses().getFirst().getCreated()).isTrue();
        assertThat(sink.responses().getFirst().getHeader().getRevision()).isEqualTo(2);
        assertThat(values(sink)).containsExactly("after");
    }

    @Test
    void a_watch_from_the_past_hears_history_then_the_present() {
        store.apply(put("a", "1"), put("a", "2"), delete("a", ""));
        stream.create(watch("a", 3).setPrevKv(true).build());
        store.settle();
        store.apply(put("a", "3"));
        store.settle();
        List<Event> events = events(sink);
        assertThat(events).extracting(e -> e.getKv().getModRevision()).containsExactly(3L, 4L, 5L);
        assertThat(events.get(0).getPrevKv().getValue()).isEqualTo(bytes("1"));
        assertThat(events.get(1).getType()).isEqualTo(Event.EventType.DELETE);
        assertThat(events.get(1).getPrevKv().getValue()).isEqualTo(bytes("2"));
        assertThat(events.get(2).hasPrevKv()).isFalse();
    }

    @Test
    void a_stream_holds_ten_thousand_watches_and_one_more_is_refused_with_the_reason() {
        for (int i = 0; i <= 10_000; i++) {
            stream.create(watch("a", 0).build());
        }
        store.settle();

        assertThat(sink.responses().subList(0, 10_000)).noneMatch(WatchResponse::getCanceled);
        WatchResponse refused = sink.responses().getLast();
        assertThat(refused.getCanceled()).isTrue();
        assertThat(refused.getCancelReason())
                .isEqualTo("etcdserver: too many watches on this stream: 10000");
    }

    @Test
    void a_watch_for_a_future_revision_hears_nothing_before_it() {
        stream.create(watch("a", 4).build());
        store.apply(put("a", "2"), put("a", "3"), put("a", "4"));
        store.settle();
        assertThat(values(sink)).containsExactly("4");
    }

    @Test
    void who_waits_for_the_future_holds_up_nobody_when_the_log_overflows() {
        stream.create(watch("a", 1000).build());
        RecordingSink other = new RecordingSink();
        store.hub.open(other).create(watch("a", 0).build());
        store.settle();

        store.apply(put("a", "2"));
        store.hub.jump(store.revision()); // as when the log overflows
        store.settle();
        store.hub.jump(store.revision());
        store.settle();
        store.apply(put("a", "3"));
        store.settle();

        assertThat(values(other)).containsExactly("2", "3");
        assertThat(events(sink)).isEmpty();
    }

    @Test
    void a_watch_that_compaction_ended_keeps_its_id_until_the_client_cancels_it() {
        store.apply(put("a", "2"), put("a", "3"), compact(3));
        store.compactFully();
        stream.create(watch("a", 2).setWatchId(7).build());
        store.settle();
        stream.create(watch("a", 0).setWatchId(7).build());
        stream.cancel(7);
        stream.cancel(7);
        store.settle();
        assertThat(sink.responses())
                .extracting(
                        WatchResponse::getWatchId,
                        WatchResponse::getCanceled,
                        WatchResponse::getCompactRevision)
                .containsExactly(
                        tuple(7L, false, 0L),
                        tuple(7L, true, 3L),
                        tuple(-1L, true, 0L),
                        tuple(7L, true, 0L));
    }

    @Test
    void a_compacted_start_cancels_with_the_compact_revision_and_the_revision_itself_does_not() {
        store.apply(put("a", "2"), put("a", "3"), delete("a", ""), put("b", "5"), compact(4));
        store.compactFully();
        stream.create(watch("a", 3).build());
        stream.create(watch("a", 4).build());
        store.settle();
        WatchResponse canceled = last(sink, 0);
        assertThat(canceled.getCanceled()).isTrue();
        assertThat(canceled.getCompactRevision()).isEqualTo(4);
        assertThat(last(sink, 1).getEvents(0).getType()).isEqualTo(Event.EventType.DELETE);
    }

    @Test
    void impossible_watches_are_created_and_canceled_at_once() {
        stream.create(watch("b", 0).setRangeEnd(bytes("a")).build());
        stream.create(watch("a", 0).setWatchId(7).build());
        stream.create(watch("a", 0).setWatchId(7).build());
        store.settle();
        assertThat(sink.responses())
                .extracting(WatchResponse::getWatchId, WatchResponse::getCancelReason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(-1L, "mvcc: watcher range is empty"),
                        org.assertj.core.groups.Tuple.tuple(7L, ""),
                        org.assertj.core.groups.Tuple.tuple(
                                -1L, "mvcc: duplicate watch ID provided on the WatchStream"));
    }

    @Test
    void a_canceled_watch_is_acknowledged_and_hears_no_more() {
        stream.create(watch("a", 0).build());
        stream.cancel(0);
        stream.cancel(99);
        store.settle();
        store.apply(put("a", "1"));
        store.settle();
        assertThat(sink.responses()).hasSize(2);
        assertThat(sink.responses().getLast().getCanceled()).isTrue();
    }

    @Test
    void progress_is_answered_only_when_nothing_is_outstanding() {
        stream.create(watch("a", 0).build());
        store.settle();
        sink.ready(false);
        store.apply(put("a", "1"));
        stream.progress();
        store.settle();
        assertThat(sink.responses()).hasSize(1);
        sink.ready(true);
        store.settle();
        assertThat(sink.responses()).hasSize(3);
        assertThat(sink.responses().get(1).getEventsCount()).isEqualTo(1);
        assertThat(sink.responses().get(2).getWatchId()).isEqualTo(-1);
        assertThat(sink.responses().get(2).getHeader().getRevision()).isEqualTo(2);
    }

    @Test
    void idle_watchers_that_asked_for_it_are_told_how_far_all_is_delivered() {
        stream.create(watch("a", 0).setProgressNotify(true).build());
        stream.create(watch("b", 0).build());
        store.settle();
        store.hub.notifyIdle();
        store.apply(put("c", "1"));
        store.settle();
        store.hub.notifyIdle();
        store.settle();
        assertThat(sink.responses()).hasSize(3);
        assertThat(sink.responses().getLast().getWatchId()).isZero();
        assertThat(sink.responses().getLast().getHeader().getRevision()).isEqualTo(2);
    }

    @Test
    void filters_hide_puts_or_deletions() {
        stream.create(watch("a", 0).addFilters(WatchCreateRequest.FilterType.NOPUT).build());
        stream.create(watch("a", 0).addFilters(WatchCreateRequest.FilterType.NODELETE).build());
        store.settle();
        store.apply(put("a", "1"), delete("a", ""));
        store.settle();
        assertThat(last(sink, 0).getEventsList())
                .allMatch(e -> e.getType() == Event.EventType.DELETE);
        assertThat(last(sink, 1).getEventsList()).allMatch(e -> e.getType() == Event.EventType.PUT);
    }

    /** One run: watchers come, are slow and go while writes, compaction and log overflow go on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void events_are_never_lost_repeated_or_reordered(long seed) {
        Random random = new Random(seed);
        List<RandomWatch> watches = new ArrayList<>();
        for (int i = 0; i < 1500; i++) {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> store.apply(randomWrites(random));
                case 4 -> watches.add(RandomWatch.open(store, random));
                case 5, 6 -> {
                    if (!watches.isEmpty()) {
                        watches.get(random.nextInt(watches.size()))
                                .sink()
                                .ready(random.nextBoolean());
                    }
                }
                case 7 -> {
                    if (random.nextInt(8) == 0) {
                        store.apply(compact(store.revision() - random.nextInt(30)));
                    }
                    store.compactStep();
                }
                case 8 -> {
                    if (random.nextInt(8) == 0) {
                        store.hub.jump(store.revision()); // as when the log overflows
                    }
                }
                default -> store.hub.work();
            }
        }
        watches.forEach(watch -> watch.sink().ready(true));
        store.settle();
        assertThat(watches).isNotEmpty();
        watches.forEach(watch -> watch.verify(store));
    }

    private static flotilla.store.command.CommandBatch randomWrites(Random random) {
        var batch = batch().toBuilder();
        for (int i = 0; i <= random.nextInt(4); i++) {
            String key = RandomWatch.KEYS[random.nextInt(RandomWatch.KEYS.length)];
            batch.addCommands(
                    random.nextInt(4) == 0
                            ? delete("a", "c")
                            : put(key, "v" + random.nextInt(100)));
        }
        return batch.build();
    }

    private static List<Event> events(RecordingSink sink) {
        return sink.responses().stream().flatMap(r -> r.getEventsList().stream()).toList();
    }

    private static List<String> values(RecordingSink sink) {
        return events(sink).stream().map(e -> e.getKv().getValue().toStringUtf8()).toList();
    }

    private static WatchResponse last(RecordingSink sink, long watchId) {
        return sink.responses().stream()
                .filter(response -> response.getWatchId() == watchId)
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
