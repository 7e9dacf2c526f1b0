package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.Event;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.WatchCancelRequest;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchProgressRequest;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.Cluster;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Watch service as a client sees it, message by message. */
class WatchServiceTest {
    private static Cluster cluster;
    private static ManagedChannel channel;
    private static KVGrpc.KVBlockingStub kv;
    private BlockingClientCall<WatchRequest, WatchResponse> stream;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        channel =
                NettyChannelBuilder.forTarget(
                                "dns:///" + URI.create(cluster.endpoint(0)).getAuthority())
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build();
        kv = KVGrpc.newBlockingStub(channel);
    }

    @AfterAll
    static void stop() throws Exception {
        channel.shutdownNow();
        cluster.close();
    }

    @BeforeEach
    void open() {
        stream =
                ClientCalls.blockingBidiStreamingCall(
                        channel, WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    }

    @AfterEach
    void cancel() {
        stream.cancel("test over", null);
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static long put(String key, String value) {
        return put(key, bytes(value));
    }

    private static long put(String key, ByteString value) {
        return kv.put(PutRequest.newBuilder().setKey(bytes(key)).setValue(value).build())
                .getHeader()
                .getRevision();
    }

    private static WatchCreateRequest.Builder watch(String key) {
        return WatchCreateRequest.newBuilder().setKey(bytes(key));
    }

    private void send(WatchCreateRequest.Builder create) throws Exception {
        stream.write(WatchRequest.newBuilder().setCreateRequest(create).build());
    }

    private WatchResponse next() throws Exception {
        WatchResponse response = stream.read(30, TimeUnit.SECONDS);
        assertThat(response).as("an answer within 30 s").isNotNull();
        return response;
    }

    @Test
    void created_comes_first_then_history_then_what_happens() throws Exception {
        long first = put("/order", "1");
        send(watch("/order").setStartRevision(first));
        WatchResponse created = next();
        assertThat(created.getCreated()).isTrue();
        assertThat(created.getHeader().getMemberId()).isNotZero();
        assertThat(created.getHeader().getRevision()).isGreaterThanOrEqualTo(first);
        assertThat(next().getEvents(0).getKv().getModRevision()).isEqualTo(first);
        long second = put("/order", "2");
        assertThat(next().getEvents(0).getKv().getModRevision()).isEqualTo(second);
    }

    @Test
    void a_canceled_watch_is_acknowledged_and_an_unknown_id_is_ignored() throws Exception {
        send(watch("/cancel"));
        long id = next().getWatchId();
        for (long canceled : new long[] {id + 100, id}) {
            stream.write(
                    WatchRequest.newBuilder()
                            .setCancelRequest(WatchCancelRequest.newBuilder().setWatchId(canceled))
                            .build());
        }
        WatchResponse acknowledged = next();
        assertThat(acknowledged.getCanceled()).isTrue();
        assertThat(acknowledged.getWatchId()).isEqualTo(id);
        assertThat(acknowledged.getCancelReason()).isEmpty();
    }

    @Test
    void an_empty_range_and_a_duplicate_id_are_created_and_canceled_at_once() throws Exception {
        send(watch("/b").setRangeEnd(bytes("/a")));
        assertThat(next())
                .matches(r -> r.getCreated() && r.getCanceled() && r.getWatchId() == -1)
                .matches(r -> r.getCancelReason().equals("mvcc: watcher range is empty"));
        send(watch("/b").setWatchId(7));
        assertThat(next().getWatchId()).isEqualTo(7);
        send(watch("/b").setWatchId(7));
        assertThat(next()).matches(r -> r.getCreated() && r.getCanceled() && r.getWatchId() == -1);
    }

    @Test
    void a_start_below_the_compaction_is_canceled_with_the_compact_revision() throws Exception {
        long first = put("/compacted", "1");
        long last = put("/compacted", "2");
        kv.compact(CompactionRequest.newBuilder().setRevision(last).build());
        send(watch("/compacted").setStartRevision(first));
        assertThat(next().getCreated()).isTrue();
        WatchResponse canceled = next();
        assertThat(canceled.getCanceled()).isTrue();
        assertThat(canceled.getCompactRevision()).isEqualTo(last);
    }

    @Test
    void progress_is_told_for_the_whole_stream_when_asked() throws Exception {
        send(watch("/progress"));
        next();
        long revision = put("/elsewhere", "x");
        stream.write(
                WatchRequest.newBuilder()
                        .setProgressRequest(WatchProgressRequest.getDefaultInstance())
                        .build());
        WatchResponse progress = next();
        assertThat(progress.getWatchId()).isEqualTo(-1);
        assertThat(progress.getEventsList()).isEmpty();
        assertThat(progress.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
    }

    @Test
    void an_idle_watch_that_asked_for_progress_hears_of_it() throws Exception {
        send(watch("/idle").setProgressNotify(true));
        long id = next().getWatchId();
        put("/elsewhere", "x");
        WatchResponse progress = next();
        assertThat(progress.getWatchId()).isEqualTo(id);
        assertThat(progress.getEventsList()).isEmpty();
        assertThat(progress.getCreated() || progress.getCanceled()).isFalse();
    }

    @Test
    void filters_and_previous_values_are_honoured() throws Exception {
        put("/filtered", "old");
        send(watch("/filtered").setPrevKv(true).addFilters(WatchCreateRequest.FilterType.NOPUT));
        next();
        put("/filtered", "new");
        kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(bytes("/filtered")).build());
        Event event = next().getEvents(0);
        assertThat(event.getType()).isEqualTo(Event.EventType.DELETE);
        assertThat(event.getPrevKv().getValue().toStringUtf8()).isEqualTo("new");
    }

    @Test
    void a_large_revision_is_sent_in_fragments_where_the_client_allows_it() throws Exception {
        send(watch("/f").setRangeEnd(bytes("/g")).setFragment(true).setPrevKv(true));
        next();
        ByteString large = ByteString.copyFrom(new byte[700_000]);
        for (int round = 0; round < 2; round++) {
            TxnRequest.Builder txn = TxnRequest.newBuilder();
            for (int i = 0; i < 2; i++) {
                txn.addSuccess(
                        RequestOp.newBuilder()
                                .setRequestPut(
                                        PutRequest.newBuilder()
                                                .setKey(bytes("/f" + i))
                                                .setValue(large)));
            }
            kv.txn(txn.build());
        }
        assertThat(next().getEventsCount()).isEqualTo(2);
        WatchResponse part = next();
        assertThat(part.getFragment()).isTrue();
        WatchResponse last = next();
        assertThat(last.getFragment()).isFalse();
        assertThat(part.getEventsCount() + last.getEventsCount()).isEqualTo(2);
    }

    /** Far more than a connection buffers, so the watch falls behind and catches up. */
    @Test
    void a_client_that_does_not_read_for_a_while_loses_nothing() throws Exception {
        send(watch("/slow"));
        next();
        ByteString large = ByteString.copyFrom(new byte[1 << 20]);
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            revisions.add(put("/slow", large));
        }
        long seen = 0;
        for (long revision : revisions) {
            while (seen < revision) {
                WatchResponse response = next();
                for (Event event : response.getEventsList()) {
                    assertThat(event.getKv().getModRevision()).isGreaterThan(seen);
                    seen = event.getKv().getModRevision();
                    assertThat(revisions).contains(seen);
                }
            }
            assertThat(seen).isEqualTo(revision);
        }
    }
}
