package flotilla.store;

import static flotilla.store.SmallHeapCluster.HEAP_MB;
import static flotilla.store.SmallHeapCluster.MEMBERS;
import static flotilla.store.SmallHeapCluster.PATIENCE_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients send more than a member's heap. */
class SmallHeapTest {
    @TempDir Path directory;
    private SmallHeapCluster cluster;

    @BeforeEach
    void start() throws IOException {
        cluster = SmallHeapCluster.start(directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        cluster.close();
    }

    @Test
    void values_of_four_times_the_heap_leave_all_alive_and_equal_one_that_was_away_too()
            throws Exception {
        ByteString megabyte = ByteString.copyFrom(new byte[1 << 20]);
        int puts = 4 * HEAP_MB;

        for (int i = 0; i < puts; i++) {
            if (i == puts / 4) {
                cluster.kill(MEMBERS - 1);
            }
            put(i, megabyte);
        }
        cluster.startAgain(MEMBERS - 1);

        cluster.assertAllAreAliveAndEqualAt(1 + puts);
    }

    @Test
    void a_hundred_thousand_small_puts_leave_all_alive_and_equal() throws Exception {
        int puts = 100_000;
        Semaphore underWay = new Semaphore(1000);
        AtomicInteger failures = new AtomicInteger();
        KVGrpc.KVStub client = KVGrpc.newStub(cluster.channel(0));

        for (int i = 0; i < puts; i++) {
            underWay.acquire();
            client.put(
                    request("small/" + i, ByteString.copyFromUtf8("v" + i)),
                    new StreamObserver<PutResponse>() {
                        @Override
                        public void onNext(PutResponse response) {}

                        @Override
                        public void onError(Throwable failure) {
                            failures.incrementAndGet();
                            underWay.release();
                        }

                        @Override
                        public void onCompleted() {
                            underWay.release();
                        }
                    });
        }
        underWay.acquire(1000);

        assertThat(failures).hasValue(0);
        cluster.assertAllAreAliveAndEqualAt(1 + puts);
    }

    private void put(int number, ByteString value) {
        var _ =
                KVGrpc.newBlockingStub(cluster.channel(number % 2))
                        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .put(request("large/" + number % 4, value));
    }

    private static PutRequest request(String key, ByteString value) {
        return PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(value).build();
    }
}
