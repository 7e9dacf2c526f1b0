package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.EtcdDaemon;
import flotilla.store.FreePort;
import flotilla.store.boot.EtcdConfig;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenStreamsTest {
    @TempDir Path directory;

    @Test
    void watches_and_renewals_have_one_limit_and_an_ended_stream_makes_room() throws Exception {
        int port = FreePort.take();
        String client = "http://127.0.0.1:" + port;
        String peer = "http://127.0.0.1:" + FreePort.take();
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(
                                "--data-dir=" + directory,
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=default=" + peer,
                                "--experimental-max-streams=2"),
                        Map.of());
        try (EtcdDaemon daemon = EtcdDaemon.start(config)) {
            daemon.ready().get();
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
            try {
                BlockingClientCall<WatchRequest, WatchResponse> watch = watch(channel);
                assertThat(watch.read().getCreated()).isTrue();
                var renewals = renewals(channel);
                renewals.write(LeaseKeepAliveRequest.newBuilder().setID(1).build());
                assertThat(renewals.read().getTTL()).isZero();

                assertThatThrownBy(() -> watch(channel).read())
                        .isInstanceOf(StatusException.class)
                        .hasMessage("RESOURCE_EXHAUSTED: etcdserver: too many requests");

                watch.cancel("done", null);
                await().ignoreExceptions().until(() -> watch(channel).read().getCreated());
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static BlockingClientCall<WatchRequest, WatchResponse> watch(ManagedChannel channel)
            throws Exception {
        var call =
                ClientCalls.blockingBidiStreamingCall(
                        channel, WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
        call.write(
                WatchRequest.newBuilder()
                        .setCreateRequest(
                                WatchCreateRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("k")))
                        .build());
        return call;
    }

    private static BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> renewals(
            ManagedChannel channel) {
        return ClientCalls.blockingBidiStreamingCall(
                channel, LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT);
    }
}
