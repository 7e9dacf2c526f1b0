package flotilla.store.watch;

import static flotilla.store.Commands.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.KeyValue;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.apply.mvcc.KeyChange;
import flotilla.store.apply.mvcc.Revision;
import flotilla.store.apply.mvcc.RevisionScan;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchLimitsTest {
    private static final int KEY_BYTES = 3_000;

    private final WatchHub hub = new WatchHub(new NoPast(), 1, 1 << 20, limits());
    private final RecordingSink sink = new RecordingSink();
    private final WatchStream stream = hub.open(sink);

    private static WatchLimits limits() {
        return new WatchLimits(3, 4, 4 * KEY_BYTES);
    }

    @Test
    void large_watches_are_fewer_and_one_that_ends_leaves_room_for_another() {
        for (int i = 0; i < 4; i++) {
            watch(KEY_BYTES);
            hub.work();
        }
        assertThat(last().getCancelReason())
                .isEqualTo("etcdserver: too many watches on this stream: 3");
        WatchStream other = hub.open(sink);
        other.create(request(KEY_BYTES));
        hub.work();
        assertThat(last().getCancelReason())
                .isEqualTo("etcdserver: too many watches on this member: 3");

        stream.cancel(0);
        other.create(request(KEY_BYTES));
        hub.work();

        assertThat(last().getCreated()).isTrue();
        assertThat(last().getCanceled()).isFalse();
    }

    @Test
    void watches_on_a_member_are_counted_over_all_streams() {
        for (int i = 0; i < 5; i++) {
            hub.open(sink).create(request(1));
        }
        hub.work();

        assertThat(sink.responses()).filteredOn(WatchResponse::getCanceled).hasSize(1);
        assertThat(last().getCancelReason())
                .isEqualTo("etcdserver: too many watches on this member: 4");
    }

    @Test
    void what_waits_is_bounded_by_bytes_and_the_end_of_a_stream_always_has_room() {
        watch(KEY_BYTES);
        assertThatThrownBy(() -> watch(KEY_BYTES)).hasMessage("etcdserver: too many requests");
        stream.close();
        hub.work();

        watch(KEY_BYTES);
    }

    private void watch(int keyBytes) {
        stream.create(request(keyBytes));
    }

    private static WatchCreateRequest request(int keyBytes) {
        return WatchCreateRequest.newBuilder().setKey(bytes("k".repeat(keyBytes))).build();
    }

    private WatchResponse last() {
        return sink.responses().getLast();
    }

    private static final class NoPast implements History {
        @Override
        public RevisionScan.Page read(RevisionScan.Extent extent) {
            return new RevisionScan.Page(-1, List.of(), Revision.first(2));
        }

        @Override
        public @Nullable KeyValue previous(KeyChange change) {
            return null;
        }
    }
}
