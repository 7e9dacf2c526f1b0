package flotilla.store;

import static flotilla.store.Commands.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.protocol.Event;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.apply.mvcc.KeyRange;
import flotilla.store.watch.RecordingSink;
import java.util.List;
import java.util.Random;

/** A watch somewhere, and what it should have heard in the end. */
record RandomWatch(RecordingSink sink, WatchCreateRequest request) {
    static final String[] KEYS = {"a", "aa", "ab", "b", "c", "d"};
    private static final String[] ENDS = {"", "\0", "b", "c"};

    static RandomWatch open(SteppedStore store, Random random) {
        RecordingSink sink = new RecordingSink();
        long start =
                switch (random.nextInt(3)) {
                    case 0 -> 0;
                    case 1 -> store.revision() + random.nextInt(5);
                    default -> Math.max(1, store.revision() - random.nextInt(40));
                };
        WatchCreateRequest request =
                WatchCreateRequest.newBuilder()
                        .setKey(bytes(KEYS[random.nextInt(2)]))
                        .setRangeEnd(bytes(ENDS[random.nextInt(ENDS.length)]))
                        .setStartRevision(start)
                        .build();
        store.hub.open(sink).create(request);
        return new RandomWatch(sink, request);
    }

    void verify(SteppedStore store) {
        List<WatchResponse> responses = sink.responses();
        assertThat(responses.getFirst().getCreated()).isTrue();
        if (responses.getFirst().getCanceled()) {
            return; // an empty range
        }
        long start =
                request.getStartRevision() == 0
                        ? responses.getFirst().getHeader().getRevision() + 1
                        : request.getStartRevision();
        KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
        List<Event> expected =
                store.commits.stream()
                        .filter(commit -> commit.revision() >= start)
                        .flatMap(commit -> commit.changes().stream())
                        .filter(change -> range.contains(change.key()))
                        .map(change -> change.event(null))
                        .toList();
        List<Event> heard = responses.stream().flatMap(r -> r.getEventsList().stream()).toList();
        WatchResponse last = responses.getLast();
        if (last.getCanceled()) {
            assertThat(last.getCompactRevision()).isGreaterThan(start);
            assertThat(heard).isEqualTo(expected.subList(0, heard.size()));
        } else {
            assertThat(heard).isEqualTo(expected);
        }
        assertRevisionsAreWhole(responses);
    }

    private static void assertRevisionsAreWhole(List<WatchResponse> responses) {
        long told = 0;
        for (WatchResponse response : responses) {
            for (Event event : response.getEventsList()) {
                assertThat(event.getKv().getModRevision()).isGreaterThan(told);
            }
            if (response.getEventsCount() > 0) {
                told = response.getEventsList().getLast().getKv().getModRevision();
                assertThat(response.getHeader().getRevision()).isGreaterThanOrEqualTo(told);
            }
        }
    }
}
