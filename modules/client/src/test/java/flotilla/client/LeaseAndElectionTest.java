package flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.platform.Registration;
import flotilla.protocol.KeyValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Leases and elections against the original etcd. */
class LeaseAndElectionTest {
    private static final Duration TTL = Duration.ofSeconds(2);
    private static RealEtcd etcd;
    private static EtcdClient client;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        etcd = RealEtcd.start(directory);
        client = etcd.client();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (client != null) {
            client.close();
            etcd.close();
        }
    }

    @Test
    void a_kept_lease_outlives_its_ttl_and_goes_when_given_back() {
        LeaseKeeper keeper = LeaseKeeper.grant(client, TTL, () -> {});
        client.put("/leased", ByteString.copyFromUtf8("x"), keeper.id());
        long granted = System.nanoTime();
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> System.nanoTime() - granted > TTL.multipliedBy(2).toNanos());
        assertThat(client.get("/leased")).isPresent();
        assertThat(keeper.held()).isTrue();
        keeper.close();
        assertThat(client.get("/leased")).isEmpty();
    }

    @Test
    void a_revoked_lease_is_reported_lost() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        try (LeaseKeeper keeper = LeaseKeeper.grant(client, TTL, lost::countDown)) {
            client.revokeLease(keeper.id());
            assertThat(lost.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(keeper.held()).isFalse();
        }
    }

    @Test
    void leadership_passes_to_the_next_candidate_and_the_old_guard_no_longer_holds()
            throws Exception {
        Election election = new Election(client, "/election");
        AtomicReference<String> observed = new AtomicReference<>("");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                LeaseKeeper first = LeaseKeeper.grant(client, TTL, () -> {});
                LeaseKeeper second = LeaseKeeper.grant(client, TTL, () -> {});
                Registration watch = election.observe(leader -> observed.set(name(leader)))) {
            Election.Leadership old = election.campaign(first, ByteString.copyFromUtf8("first"));
            Future<Election.Leadership> waiting =
                    threads.submit(
                            () -> election.campaign(second, ByteString.copyFromUtf8("second")));
            await().until(() -> client.getPrefix("/election/").kvs().size() == 2);
            assertThat(name(election.leader())).isEqualTo("first");
            assertThat(waiting.isDone()).isFalse();

            first.close();

            Election.Leadership next = waiting.get(30, TimeUnit.SECONDS);
            assertThat(client.txn().when(old.guard()).commit().getSucceeded()).isFalse();
            assertThat(client.txn().when(next.guard()).commit().getSucceeded()).isTrue();
            await().until(() -> "second".equals(observed.get()));
            next.resign();
            await().until(() -> "".equals(observed.get()));
        }
    }

    @Test
    void a_candidate_whose_lease_is_lost_stops_waiting() throws Exception {
        Election election = new Election(client, "/lost");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                LeaseKeeper leader = LeaseKeeper.grant(client, TTL, () -> {});
                LeaseKeeper unlucky = LeaseKeeper.grant(client, TTL, () -> {})) {
            election.campaign(leader, ByteString.copyFromUtf8("leader"));
            Future<Election.Leadership> waiting =
                    threads.submit(() -> election.campaign(unlucky, ByteString.EMPTY));
            await().until(() -> client.getPrefix("/lost/").kvs().size() == 2);
            client.revokeLease(unlucky.id());
            assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(EtcdClientException.LeaseNotFound.class);
        }
    }

    private static String name(Optional<KeyValue> leader) {
        return leader.map(kv -> kv.getValue().toStringUtf8()).orElse("");
    }
}
