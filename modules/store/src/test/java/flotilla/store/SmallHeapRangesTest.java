package flotilla.store;

import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.range;
import static flotilla.store.SmallHeapCluster.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.protocol.WatchCreateRequest;
import flotilla.protocol.WatchGrpc;
import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred thousand keys, 11 MB, of which clients want everything at once. */
class SmallHeapRangesTest {
    private static final int KEYS = 100_000;
    private static final int KEYS_PER_TXN = 100;
    private static final long LEASE = 7;
    private static final long REVISION_WITH_ALL = 1 + KEYS / KEYS_PER_TXN;
    private static final String VALUE = "v".repeat(100);
    private static final int CLIENTS = 20;

    @TempDir Path directory;
    private SmallHeapCluster cluster;
    private final List<ManagedChannel> clients = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        cluster = SmallHeapCluster.start(directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        clients.forEach(ManagedChannel::shutdownNow);
        cluster.close();
    }

    @Test
    void one_transaction_compares_and_deletes_them_and_watchers_hear_what_was() {
        putAll(0);
        Counting watcher = watch();

        TxnRequest.Builder txn = TxnRequest.newBuilder();
        txn.addCompare(
                        Compare.newBuilder()
                                .setKey(bytes("k"))
                                .setRangeEnd(bytes("l"))
                                .setTarget(Compare.CompareTarget.VALUE)
                                .setValue(bytes(VALUE)))
                .addSuccess(
                        RequestOp.newBuilder()
                                .setRequestDeleteRange(
                                        DeleteRangeRequest.newBuilder()
                                                .setKey(bytes("k"))
                                                .setRangeEnd(bytes("l"))));
        orUnknown(() -> {
            TxnResponse answer = kv(0).txn(txn.build());
            assertThat(answer.getSucceeded()).isTrue();
            assertThat(answer.getResponses(0).getResponseDeleteRange().getDeleted())
                    .isEqualTo(KEYS);
        });

        cluster.assertAllAreAliveAndEqualAt(REVISION_WITH_ALL + 1);
        assertThat(probe(1)).isEmpty();
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .untilAtomic(watcher.previousValues, equalTo(KEYS));
    }

    @Test
    void the_end_of_their_lease_deletes_them_and_all_go_on() {
        var _ =
                LeaseGrpc.newBlockingStub(cluster.channel(0))
                        .leaseGrant(
                                LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(600).build());
        putAll(LEASE);

        orUnknown(() -> {
            var _ =
                    LeaseGrpc.newBlockingStub(cluster.channel(0))
                            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .leaseRevoke(LeaseRevokeRequest.newBuilder().setID(LEASE).build());
        });

        cluster.assertAllAreAliveAndEqualAt(REVISION_WITH_ALL + 1);
        assertThat(probe(1)).isEmpty();
    }

    @Test
    void twenty_clients_that_ask_for_all_are_answered_or_refused_with_a_way_out_and_nobody_ends()
            throws Exception {
        putAll(0);
        try (ExecutorService threads = Executors.newFixedThreadPool(3 * CLIENTS)) {
            List<Future<String>> outcomes = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                ManagedChannel client = cluster.connect(0);
                clients.add(client);
                outcomes.add(threads.submit(() -> askForAll(client)));
                outcomes.add(threads.submit(this::askForAllByHttp));
                outcomes.add(threads.submit(() -> askInPages(client)));
            }
            assertThat(probe(0)).isEmpty();
            for (Future<String> outcome : outcomes) {
                assertThat(outcome.get())
                        .containsAnyOf("all", "answer would be too large", "too many requests");
            }
        }
        assertThat(askInPages(cluster.channel(0))).isEqualTo("all");
        assertThat(kv(0).range(all().setCountOnly(true).build()).getCount()).isEqualTo(KEYS);
        assertThat(kv(0).range(all().setLimit(1).build()).getKvsCount()).isEqualTo(1);
        cluster.assertAllAreAliveAndEqualAt(REVISION_WITH_ALL);
    }

    /**
     * A busy machine may take longer over it than a request waits: then it is done all the same.
     */
    private static void orUnknown(Runnable write) {
        try {
            write.run();
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getDescription()).isEqualTo("etcdserver: request timed out");
        }
    }

    private static RangeRequest.Builder all() {
        return range("k", "l", 0).toBuilder();
    }

    private static String askForAll(ManagedChannel client) {
        return outcome(() -> {
            RangeResponse answer = stub(client).range(all().build());
            return answer.getKvsCount() == KEYS ? "all" : "some";
        });
    }

    private static String askInPages(ManagedChannel client) {
        return outcome(() -> {
            String from = "k";
            int got = 0;
            RangeResponse page;
            do {
                page = stub(client).range(range(from, "l", 0).toBuilder().setLimit(5_000).build());
                got += page.getKvsCount();
                from = page.getKvsList().getLast().getKey().toStringUtf8() + "\0";
            } while (page.getMore());
            return got == KEYS ? "all" : "some";
        });
    }

    private static String outcome(Callable<String> question) {
        try {
            return question.call();
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode())
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNKNOWN);
            return String.valueOf(e.getStatus().getDescription());
        } catch (Exception e) {
            throw new AssertionError("a client that asked for all", e);
        }
    }

    private String askForAllByHttp() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + cluster.clientPort(0) + "/v3/kv/range");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(uri)
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"key\":\"aw==\",\"range_end\":\"bA==\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 ? "all" : answer.body();
        }
    }

    /** What a member still knows of a key that never was, but in time. */
    private List<?> probe(int member) {
        return kv(member).range(range("absent", "", 0)).getKvsList();
    }

    private KVGrpc.KVBlockingStub kv(int member) {
        return stub(cluster.channel(member));
    }

    private static KVGrpc.KVBlockingStub stub(ManagedChannel client) {
        return KVGrpc.newBlockingStub(client).withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void putAll(long lease) {
        for (int from = 0; from < KEYS; from += KEYS_PER_TXN) {
            TxnRequest.Builder txn = TxnRequest.newBuilder();
            for (int i = from; i < from + KEYS_PER_TXN; i++) {
                PutRequest.Builder put = putRequest("k%06d".formatted(i), VALUE).setLease(lease);
                txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
            }
            var _ = kv(0).txn(txn.build());
        }
    }

    private Counting watch() {
        Counting counting = new Counting();
        WatchGrpc.newStub(cluster.channel(1))
                .watch(counting)
                .onNext(
                        WatchRequest.newBuilder()
                                .setCreateRequest(
                                        WatchCreateRequest.newBuilder()
                                                .setKey(bytes("k"))
                                                .setRangeEnd(bytes("l"))
                                                .setPrevKv(true))
                                .build());
        await().untilTrue(counting.created);
        return counting;
    }

    /** Counts the previous values it hears of. */
    private static final class Counting implements StreamObserver<WatchResponse> {
        private final AtomicBoolean created = new AtomicBoolean();
        private final AtomicInteger previousValues = new AtomicInteger();

        @Override
        public void onNext(WatchResponse response) {
            created.set(created.get() || response.getCreated());
            response.getEventsList().stream()
                    .filter(event -> event.getPrevKv().getValue().size() == VALUE.length())
                    .forEach(_ -> previousValues.incrementAndGet());
        }

        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
