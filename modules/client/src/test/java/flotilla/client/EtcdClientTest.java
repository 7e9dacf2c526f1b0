package flotilla.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.TxnResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against the original etcd. */
class EtcdClientTest {
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
    void what_was_put_is_got_at_the_revision_it_answered() {
        long revision = client.put("/a", "one");
        KeyValue kv = client.get("/a").orElseThrow();
        assertThat(kv.getValue().toStringUtf8()).isEqualTo("one");
        assertThat(kv.getModRevision()).isEqualTo(revision);
        assertThat(client.delete("/a")).isTrue();
        assertThat(client.get("/a")).isEmpty();
        assertThat(client.delete("/a")).isFalse();
    }

    @Test
    void a_listing_of_several_pages_is_whole_and_in_order() {
        for (int i = 0; i < 2_100; i++) {
            client.put("/pages/%05d".formatted(i), "x");
        }
        Listing listing = client.getPrefix("/pages/");
        assertThat(listing.kvs()).hasSize(2_100).isSortedAccordingTo(EtcdClientTest::byKey);
        assertThat(client.delete(KeyRange.prefix("/pages/"))).isEqualTo(2_100);
    }

    private static int byKey(KeyValue a, KeyValue b) {
        return ByteString.unsignedLexicographicalComparator().compare(a.getKey(), b.getKey());
    }

    @Test
    void a_transaction_takes_the_branch_its_conditions_choose() {
        TxnResponse first =
                client.txn()
                        .when(Txn.absent("/txn"))
                        .then(Txn.put("/txn", ByteString.copyFromUtf8("1")))
                        .otherwise(Txn.get("/txn"))
                        .commit();
        TxnResponse second =
                client.txn()
                        .when(Txn.absent("/txn"))
                        .then(Txn.put("/txn", ByteString.copyFromUtf8("2")))
                        .otherwise(Txn.get("/txn"))
                        .commit();
        assertThat(first.getSucceeded()).isTrue();
        assertThat(second.getSucceeded()).isFalse();
        assertThat(second.getResponses(0).getResponseRange().getKvs(0).getValue().toStringUtf8())
                .isEqualTo("1");
    }

    @Test
    void each_refusal_has_its_own_meaning() {
        long revision = client.put("/compact", "1");
        client.put("/compact", "2");
        client.compact(revision + 1);
        assertThatThrownBy(() ->
                        client.get(
                                RangeRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("/compact"))
                                        .setRevision(revision)
                                        .build()))
                .isInstanceOf(EtcdClientException.Compacted.class);
        assertThatThrownBy(() -> client.put("/x", ByteString.EMPTY, 4711))
                .isInstanceOf(EtcdClientException.LeaseNotFound.class);
        assertThatThrownBy(() -> client.get(ByteString.EMPTY))
                .isInstanceOf(EtcdClientException.Refused.class)
                .hasMessageContaining("etcdserver: key is not provided");
    }

    @Test
    void a_write_that_no_member_could_receive_is_unavailable_and_not_indeterminate() {
        ClientConfig nobody =
                ClientConfig.of("http://127.0.0.1:1").withRequestTimeout(Duration.ofMillis(200));
        try (EtcdClient alone = EtcdClient.connect(nobody)) {
            assertThatThrownBy(() -> alone.put("/x", "y"))
                    .isInstanceOf(EtcdClientException.Unavailable.class);
        }
    }

    @Test
    void a_dead_endpoint_is_passed_over() {
        ClientConfig config = ClientConfig.of(List.of("http://127.0.0.1:1", etcd.endpoint()));
        try (EtcdClient rotating = EtcdClient.connect(config)) {
            rotating.put("/rotated", "yes");
            assertThat(rotating.get("/rotated")).isPresent();
        }
        assertThat(client.memberList()).hasSize(1);
    }

    @Test
    void a_member_that_was_learned_of_is_asked_when_the_configured_one_is_gone(
            @TempDir Path directory) throws IOException, InterruptedException {
        client.put("/learned", "here");
        try (RealEtcd gate = RealEtcd.startPosingAs(etcd, directory);
                EtcdClient learner = gate.client()) {
            learner.learnMembers();
            learner.learnMembers();
            assertThat(learner.endpoints()).containsExactly(gate.endpoint(), etcd.endpoint());
            assertThat(learner.get("/learned")).isEmpty();

            gate.kill();

            assertThat(learner.get("/learned").orElseThrow().getValue().toStringUtf8())
                    .isEqualTo("here");
        }
    }
}
