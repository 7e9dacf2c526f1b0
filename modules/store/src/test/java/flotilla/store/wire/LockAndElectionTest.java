package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.protocol.CampaignRequest;
import flotilla.protocol.CampaignResponse;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.ElectionGrpc;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.KeyValue;
import flotilla.protocol.LeaderKey;
import flotilla.protocol.LeaderRequest;
import flotilla.protocol.LeaderResponse;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LockGrpc;
import flotilla.protocol.LockRequest;
import flotilla.protocol.LockResponse;
import flotilla.protocol.ProclaimRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.ResignRequest;
import flotilla.protocol.UnlockRequest;
import flotilla.store.Cluster;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockAndElectionTest {
    private static final ByteString NAME = ByteString.copyFromUtf8("job");

    private Cluster cluster;
    private ManagedChannel channel;
    private LockGrpc.LockBlockingStub locks;
    private ElectionGrpc.ElectionBlockingStub elections;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        cluster = Cluster.start(directory, 1);
        URI endpoint = URI.create(cluster.endpoint(0));
        channel =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .build();
        locks = LockGrpc.newBlockingStub(channel);
        elections = ElectionGrpc.newBlockingStub(channel);
        for (long lease : new long[] {0xa1, 0xb2}) {
            LeaseGrpc.newBlockingStub(channel)
                    .leaseGrant(LeaseGrantRequest.newBuilder().setID(lease).setTTL(100).build());
        }
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        cluster.close();
    }

    private static LockRequest lock(long lease) {
        return LockRequest.newBuilder().setName(NAME).setLease(lease).build();
    }

    private static CampaignRequest candidate(long lease, String value) {
        return CampaignRequest.newBuilder()
                .setName(NAME)
                .setLease(lease)
                .setValue(ByteString.copyFromUtf8(value))
                .build();
    }

    private List<String> keys() {
        return KVGrpc.newBlockingStub(channel)
                .range(
                        RangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8("job/"))
                                .setRangeEnd(ByteString.copyFromUtf8("job0"))
                                .build())
                .getKvsList()
                .stream()
                .map(KeyValue::getKey)
                .map(ByteString::toStringUtf8)
                .toList();
    }

    /** A call under way: its answers, and the way to break it off. */
    private static final class Call<Q, A> implements ClientResponseObserver<Q, A> {
        final BlockingQueue<A> answers = new LinkedBlockingQueue<>();
        final CompletableFuture<Status> end = new CompletableFuture<>();
        final CompletableFuture<ClientCallStreamObserver<Q>> begun = new CompletableFuture<>();

        static <Q, A> Call<Q, A> of(
                BiConsumer<Q, io.grpc.stub.StreamObserver<A>> method, Q request) {
            Call<Q, A> call = new Call<>();
            method.accept(request, call);
            return call;
        }

        A next() throws InterruptedException {
            A answer = answers.poll(30, TimeUnit.SECONDS);
            assertThat(answer).as("an answer").isNotNull();
            return java.util.Objects.requireNonNull(answer);
        }

        void cancel() {
            begun.join().cancel("the client goes", null);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> stream) {
            begun.complete(stream);
        }

        @Override
        public void onNext(A answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }

    @Test
    void a_lock_is_a_key_under_its_lease_and_the_same_lease_has_it_again() {
        LockResponse first = locks.lock(lock(0xa1));
        assertThat(first.getKey().toStringUtf8()).isEqualTo("job/a1");
        assertThat(locks.lock(lock(0xa1)).getKey()).isEqualTo(first.getKey());
        assertThat(keys()).containsExactly("job/a1");
    }

    @Test
    void the_next_waits_until_the_lock_is_given_back() throws Exception {
        LockResponse held = locks.lock(lock(0xa1));
        Call<LockRequest, LockResponse> next = Call.of(LockGrpc.newStub(channel)::lock, lock(0xb2));
        await().until(() -> keys().contains("job/b2"));
        assertThat(next.answers).isEmpty();

        locks.unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());

        assertThat(next.next().getKey().toStringUtf8()).isEqualTo("job/b2");
    }

    @Test
    void the_end_of_a_lease_gives_its_lock_back() throws Exception {
        locks.lock(lock(0xa1));
        Call<LockRequest, LockResponse> next = Call.of(LockGrpc.newStub(channel)::lock, lock(0xb2));
        await().until(() -> keys().contains("job/b2"));

        LeaseGrpc.newBlockingStub(channel)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(0xa1).build());

        assertThat(next.next().getKey().toStringUtf8()).isEqualTo("job/b2");
    }

    @Test
    void a_client_that_goes_away_while_it_waits_leaves_no_key() {
        locks.lock(lock(0xa1));
        Call<LockRequest, LockResponse> gone = Call.of(LockGrpc.newStub(channel)::lock, lock(0xb2));
        await().until(() -> keys().contains("job/b2"));

        gone.cancel();

        await().untilAsserted(() -> assertThat(keys()).containsExactly("job/a1"));
    }

    @ParameterizedTest
    @CsvSource({"lock/lock", "election/campaign"})
    void one_that_waits_through_json_leaves_no_key_either(String path) throws Exception {
        locks.lock(lock(0xa1));
        URI endpoint = URI.create(cluster.endpoint(0));
        String body = "{\"name\":\"am9i\",\"lease\":\"178\"}";
        try (Socket client = new Socket(endpoint.getHost(), endpoint.getPort())) {
            String request =
                    "POST /v3/%s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(path, body.length(), body);
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            await().until(() -> keys().contains("job/b2"));
        }

        await().untilAsserted(() -> assertThat(keys()).containsExactly("job/a1"));
    }

    @Test
    void a_candidate_whose_connection_breaks_stands_no_more() {
        locks.lock(lock(0xa1));
        URI endpoint = URI.create(cluster.endpoint(0));
        ManagedChannel own =
                NettyChannelBuilder.forAddress(endpoint.getHost(), endpoint.getPort())
                        .usePlaintext()
                        .build();
        Call<CampaignRequest, CampaignResponse> _ =
                Call.of(ElectionGrpc.newStub(own)::campaign, candidate(0xb2, "me"));
        await().until(() -> keys().contains("job/b2"));

        own.shutdownNow();

        await().untilAsserted(() -> assertThat(keys()).containsExactly("job/a1"));
    }

    @Test
    void whose_lease_ended_while_it_waited_does_not_have_the_lock() throws Exception {
        LockResponse held = locks.lock(lock(0xa1));
        Call<LockRequest, LockResponse> late = Call.of(LockGrpc.newStub(channel)::lock, lock(0xb2));
        await().until(() -> keys().contains("job/b2"));
        LeaseGrpc.newBlockingStub(channel)
                .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(0xb2).build());

        locks.unlock(UnlockRequest.newBuilder().setKey(held.getKey()).build());

        Status end = late.end.get(30, TimeUnit.SECONDS);
        assertThat(end.getDescription()).isEqualTo("mutex: session is expired");
        assertThat(keys()).isEmpty();
    }

    @Test
    void without_a_lease_it_lives_for_a_minute_and_refusals_are_etcd_s() {
        assertThat(locks.lock(lock(0)).getKey().toStringUtf8()).matches("job/[0-9a-f]+");
        assertThatThrownBy(() -> locks.lock(lock(0x99)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessage("UNKNOWN: etcdserver: requested lease not found");
        assertThatThrownBy(() -> locks.unlock(UnlockRequest.getDefaultInstance()))
                .hasMessage("UNKNOWN: etcdserver: key is not provided");
    }

    @Test
    void an_observer_hears_each_leader_and_what_it_proclaims() throws Exception {
        LeaderRequest election = LeaderRequest.newBuilder().setName(NAME).build();
        Call<LeaderRequest, LeaderResponse> observer =
                Call.of(ElectionGrpc.newStub(channel)::observe, election);

        CampaignResponse won = elections.campaign(candidate(0xa1, "one"));
        assertThat(observer.next().getKv().getValue().toStringUtf8()).isEqualTo("one");
        assertThat(won.getLeader())
                .isEqualTo(
                        LeaderKey.newBuilder()
                                .setName(NAME)
                                .setKey(ByteString.copyFromUtf8("job/a1"))
                                .setRev(won.getHeader().getRevision())
                                .setLease(0xa1)
                                .build());
        Call<CampaignRequest, CampaignResponse> next =
                Call.of(ElectionGrpc.newStub(channel)::campaign, candidate(0xb2, "two"));
        await().until(() -> keys().contains("job/b2"));
        elections.proclaim(
                ProclaimRequest.newBuilder()
                        .setLeader(won.getLeader())
                        .setValue(ByteString.copyFromUtf8("uno"))
                        .build());
        assertThat(observer.next().getKv().getValue().toStringUtf8()).isEqualTo("uno");
        assertThat(elections.leader(election).getKv().getKey().toStringUtf8()).isEqualTo("job/a1");

        elections.resign(ResignRequest.newBuilder().setLeader(won.getLeader()).build());

        assertThat(next.next().getLeader().getKey().toStringUtf8()).isEqualTo("job/b2");
        assertThat(observer.next().getKv().getValue().toStringUtf8()).isEqualTo("two");
    }

    @Test
    void who_no_longer_leads_proclaims_and_resigns_nothing() {
        LeaderKey leader = elections.campaign(candidate(0xa1, "one")).getLeader();
        LeaderKey stale = leader.toBuilder().setRev(leader.getRev() - 1).build();

        assertThatThrownBy(() ->
                        elections.proclaim(ProclaimRequest.newBuilder().setLeader(stale).build()))
                .hasMessage("UNKNOWN: election: not leader");
        elections.resign(ResignRequest.newBuilder().setLeader(stale).build());
        assertThat(keys()).containsExactly("job/a1");

        KVGrpc.newBlockingStub(channel)
                .deleteRange(DeleteRangeRequest.newBuilder().setKey(leader.getKey()).build());
        assertThatThrownBy(() -> elections.leader(LeaderRequest.newBuilder().setName(NAME).build()))
                .hasMessage("UNKNOWN: election: no leader");
        assertThatThrownBy(() -> elections.proclaim(ProclaimRequest.getDefaultInstance()))
                .hasMessage("UNKNOWN: \"leader\" field must be provided");
        assertThatThrownBy(() -> elections.resign(ResignRequest.getDefaultInstance()))
                .hasMessage("UNKNOWN: \"leader\" field must be provided");
    }
}
