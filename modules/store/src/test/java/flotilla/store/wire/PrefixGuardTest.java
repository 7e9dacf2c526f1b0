package flotilla.store.wire;

import static com.google.protobuf.ByteString.copyFromUtf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LockGrpc;
import flotilla.protocol.LockRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.store.Cluster;
import flotilla.store.boot.EtcdConfig;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that guards /f/, through gRPC and through JSON. */
class PrefixGuardTest {
    private static final String TOKEN = "0badcafe";
    private static final long LEASE = 0xa1;

    @TempDir private Path directory;
    private Cluster cluster;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        cluster =
                Cluster.start(
                        directory,
                        1,
                        "--experimental-guarded-prefix=/f/",
                        "--experimental-guarded-prefix-token-file=" + file);
        URI endpoint = URI.create(cluster.endpoint(0));
        channel =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        cluster.close();
    }

    private KVGrpc.KVBlockingStub kv() {
        return KVGrpc.newBlockingStub(channel);
    }

    private KVGrpc.KVBlockingStub kv(String token) {
        Metadata metadata = new Metadata();
        metadata.put(PrefixGuard.TOKEN, token);
        return kv().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static PutRequest put(String key) {
        return PutRequest.newBuilder().setKey(copyFromUtf8(key)).setLease(LEASE).build();
    }

    private long count(String key) {
        return kv().range(RangeRequest.newBuilder().setKey(copyFromUtf8(key)).build()).getCount();
    }

    private static void refused(ThrowingCallable write) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode())
                                    .isEqualTo(Status.Code.PERMISSION_DENIED);
                            assertThat(e.getStatus().getDescription())
                                    .isEqualTo("etcdserver: permission denied");
                        });
    }

    @Test
    void only_who_shows_the_token_writes_below_the_prefix_and_all_others_elsewhere() {
        LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(channel);
        leases.leaseGrant(LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(100).build());
        LeaseRevokeRequest revoke = LeaseRevokeRequest.newBuilder().setID(LEASE).build();

        refused(() -> kv().put(put("/f/job")));
        refused(() -> kv(TOKEN + "0").put(put("/f/job")));
        assertThat(count("/f/job")).isZero();
        kv().put(put("/free"));
        kv(TOKEN).put(put("/f/job"));
        refused(() -> leases.leaseRevoke(revoke));
        refused(() ->
                LockGrpc.newBlockingStub(channel)
                        .lock(LockRequest.newBuilder().setName(copyFromUtf8("/f")).build()));

        assertThat(count("/free")).isOne();
        assertThat(count("/f/job")).isOne();
    }

    private int putAsJson(String key, String... headers) throws Exception {
        String base64 = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(cluster.endpoint(0) + "/v3/kv/put"))
                        .POST(HttpRequest.BodyPublishers.ofString("{\"key\":\"" + base64 + "\"}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    @Test
    void json_is_guarded_alike() throws Exception {
        assertThat(putAsJson("/f/job")).isEqualTo(403);
        assertThat(count("/f/job")).isZero();

        assertThat(putAsJson("/free")).isEqualTo(200);
        assertThat(putAsJson("/f/job", "Grpc-Metadata-Flotilla-Cluster-Token", TOKEN))
                .isEqualTo(200);
        assertThat(count("/f/job")).isOne();
    }

    @Test
    void a_member_without_its_token_does_not_start_and_names_the_file() throws IOException {
        Path file = directory.resolve("none");
        EtcdConfig.Guard guard = EtcdConfig.Guard.byToken("/f/", file);

        assertThatThrownBy(() -> PrefixGuard.of(guard, (lease, prefix) -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        Files.writeString(file, "\n");
        assertThatThrownBy(() -> PrefixGuard.of(guard, (lease, prefix) -> false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is empty");
    }
}
