package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseLeasesRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that says it is ready has answered before, and nobody can tell from its state. */
class WarmUpTest {
    @TempDir Path directory;

    @Test
    void a_grant_a_put_and_a_watch_are_answered_without_a_cluster() {
        URI any = URI.create("http://127.0.0.1:0");
        EtcdConfig config = EtcdConfig.single(directory, any, any);

        assertThatCode(() -> WarmUp.perform(config)).doesNotThrowAnyException();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_member_that_is_ready_has_no_key_no_lease_and_no_revision_of_its_warm_up()
            throws Exception {
        try (EmbeddedEtcd etcd = EmbeddedEtcd.start(directory)) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", etcd.endpoint().getPort())
                            .usePlaintext()
                            .build();
            try {
                RangeResponse all =
                        KVGrpc.newBlockingStub(channel)
                                .range(
                                        RangeRequest.newBuilder()
                                                .setKey(ByteString.copyFrom(new byte[1]))
                                                .setRangeEnd(ByteString.copyFrom(new byte[1]))
                                                .build());
                assertThat(all.getKvsList()).isEmpty();
                assertThat(all.getHeader().getRevision()).isEqualTo(1);
                assertThat(
                                LeaseGrpc.newBlockingStub(channel)
                                        .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                                        .getLeasesList())
                        .isEmpty();
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
