package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import flotilla.store.Cluster;
import flotilla.store.RawHttp2;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP/2 lets a client do to a server, and this one doesn't let it. */
class GrpcDoorTest {
    /** RFC 9113, 7. */
    private static final int ENHANCE_YOUR_CALM = 11;

    private static final String PUT = "etcdserverpb.KV/Put";
    private static final String WATCH = "etcdserverpb.Watch/Watch";

    private Cluster cluster;
    private URI endpoint;
    private ManagedChannel channel;
    private final List<RawHttp2> crowd = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        endpoint = URI.create(cluster.endpoint(0));
        channel =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() throws Exception {
        for (RawHttp2 client : crowd) {
            client.close();
        }
        channel.shutdownNow();
        cluster.close();
    }

    private RawHttp2 client() throws IOException {
        RawHttp2 client = new RawHttp2(endpoint);
        crowd.add(client);
        return client;
    }

    private Status.Code put(int bytes) {
        try {
            var _ =
                    KVGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .put(
                                    PutRequest.newBuilder()
                                            .setKey(ByteString.copyFromUtf8("key"))
                                            .setValue(ByteString.copyFrom(new byte[bytes]))
                                            .build());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    @Test
    void who_pings_too_often_is_told_to_calm_down_as_by_etcd() throws Exception {
        RawHttp2 client = client();
        for (int i = 0; i < 4; i++) {
            client.send(RawHttp2.PING, 0, 0, new byte[8]);
        }

        RawHttp2.Frame end = client.await(RawHttp2.GOAWAY);

        assertThat(end.errorCode()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(end.debugData()).isEqualTo("too_many_pings");
    }

    @Test
    void who_makes_and_breaks_off_calls_without_end_is_cut() throws Exception {
        RawHttp2 client = client();
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100_000; i++) {
                                int stream = 2 * i + 1;
                                client.call(stream, PUT);
                                client.send(
                                        RawHttp2.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
                            }
                            throw new IOException(client.isCut() ? "cut" : "goes on");
                        })
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("goes on");
        assertThat(put(10)).isEqualTo(Status.Code.OK);
    }

    @Test
    void headers_without_end_are_cut() throws Exception {
        RawHttp2 client = client();
        client.send(RawHttp2.HEADERS, 0, 1, RawHttp2.headers(PUT));

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 100_000; i++) {
                                byte[] more = new byte[1000];
                                more[1] = 1;
                                client.send(RawHttp2.CONTINUATION, 0, 1, more);
                            }
                            throw new IOException(client.isCut() ? "cut" : "goes on");
                        })
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("goes on");
        assertThat(put(10)).isEqualTo(Status.Code.OK);
    }

    @Test
    void settings_and_pings_whose_answers_nobody_reads_are_no_burden() throws Exception {
        RawHttp2 client = client();
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 2_000_000; i++) {
                                client.send(RawHttp2.SETTINGS, 0, 0, new byte[0]);
                            }
                            throw new IOException(client.isCut() ? "cut" : "goes on");
                        })
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("goes on");
        assertThat(put(10)).isEqualTo(Status.Code.OK);
    }

    @Test
    void a_watch_that_says_nothing_whole_is_served_like_any_other() throws Exception {
        RawHttp2 client = client();
        client.call(1, WATCH);

        assertThat(put(10)).isEqualTo(Status.Code.OK);
        assertThat(client.await(RawHttp2.SETTINGS).stream()).isZero();
    }
}
