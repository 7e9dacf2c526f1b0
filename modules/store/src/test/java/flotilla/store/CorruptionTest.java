package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import flotilla.protocol.KeyValue;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.disk.RocksStorage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member whose state is another one than the others', as the original's etcdctl sees it. */
class CorruptionTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final String PERIODIC = "--experimental-corrupt-check-time=200ms";
    private static final String INITIAL = "--experimental-initial-corrupt-check";
    private static final String REFUSAL = "etcdserver: corrupt cluster";

    @TempDir Path directory;

    @Test
    void a_member_that_differs_is_named_and_writes_are_refused_until_it_is_disarmed()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, PERIODIC)) {
            assertThat(cluster.etcdctl("put", "/k", "right")).isEqualTo("OK\n");
            int odd = (leader(cluster) + 1) % 3;
            cluster.stop(odd);
            tamper(odd);
            cluster.restart(odd);
            String named = "memberID:" + id(cluster, odd) + " alarm:CORRUPT";

            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .untilAsserted(() ->
                            assertThat(cluster.etcdctl("alarm", "list").lines())
                                    .containsOnly(named + " "));

            int sound = (odd + 1) % 3;
            assertThat(cluster.etcdctlAt(sound, "put", "/k", "2")).contains(REFUSAL);
            assertThat(cluster.etcdctlAt(sound, "get", "/k", "--print-value-only"))
                    .isEqualTo("right\n");

            cluster.stop(odd);
            delete(state(odd).resolve("live"));
            cluster.restart(odd);

            assertThat(cluster.etcdctlAt(sound, "alarm", "disarm")).contains(named);
            assertThat(cluster.etcdctlAt(sound, "put", "/k", "2")).isEqualTo("OK\n");
            awaitAnotherCheck(cluster);
            assertThat(cluster.etcdctlAt(sound, "alarm", "list")).isEmpty();
        }
    }

    @Test
    void members_that_hold_the_same_are_left_alone_whatever_is_written_and_compacted()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, PERIODIC)) {
            for (int i = 0; i < 20; i++) {
                assertThat(cluster.etcdctl("put", "/k" + i % 3, "v" + i)).isEqualTo("OK\n");
            }
            assertThat(cluster.etcdctl("compact", "9")).contains("compacted revision 9");
            cluster.stop((leader(cluster) + 1) % 3);

            awaitAnotherCheck(cluster);

            assertThat(cluster.etcdctlAt(leader(cluster), "alarm", "list")).isEmpty();
            assertThat(cluster.etcdctlAt(leader(cluster), "put", "/k", "2")).isEqualTo("OK\n");
        }
    }

    @Test
    void a_member_that_differs_does_not_start_with_the_initial_check_until_its_state_is_made_anew()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, INITIAL)) {
            assertThat(cluster.etcdctl("put", "/k", "right")).isEqualTo("OK\n");
            int odd = (leader(cluster) + 1) % 3;
            cluster.stop(odd);
            tamper(odd);

            assertThatThrownBy(() -> cluster.restart(odd))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("found data inconsistency with peers")
                    .hasMessageContaining("m" + (odd + 1) % 3 + " (")
                    .hasMessageContaining("m" + (odd + 2) % 3 + " (")
                    .hasMessageContaining("delete member/state/live");

            delete(state(odd).resolve("live"));
            cluster.restart(odd);
            assertThat(cluster.etcdctlAt(odd, "get", "/k", "--print-value-only"))
                    .isEqualTo("right\n");
        }
    }

    @Test
    void a_member_that_nobody_answers_starts_with_the_initial_check() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 3, INITIAL)) {
            assertThat(cluster.etcdctl("put", "/k", "v")).isEqualTo("OK\n");
            for (int member = 0; member < 3; member++) {
                cluster.stop(member);
            }

            cluster.startAgain(0, INITIAL);
            cluster.startAgain(1, INITIAL);

            assertThat(cluster.etcdctlAt(1, "put", "/k", "2")).isEqualTo("OK\n");
        }
    }

    private static void awaitAnotherCheck(Cluster cluster) throws Exception {
        int leader = leader(cluster);
        double before = checks(cluster.endpoint(leader));
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> checks(cluster.endpoint(leader)) >= before + 2);
    }

    private static double checks(String endpoint) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint + "/metrics")).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith("flotilla_store_hash_checks_total "))
                    .mapToDouble(line -> Double.parseDouble(line.split(" ")[1]))
                    .sum();
        }
    }

    private Path state(int member) {
        return directory.resolve("m" + member).resolve("member/state");
    }

    /** Gives its newest value another text, as a disk or a bug might. */
    private void tamper(int member) throws IOException {
        try (RocksStorage storage = RocksStorage.open(state(member))) {
            Backend.Change other;
            try (Backend.View view = storage.view();
                    Backend.Cursor cursor = view.cursor(Space.REVISION)) {
                assertThat(cursor.seek(new byte[0])).as("there is a value").isTrue();
                KeyValue wrong =
                        KeyValue.parseFrom(cursor.value()).toBuilder()
                                .setValue(ByteString.copyFromUtf8("wrong"))
                                .build();
                other = new Backend.Change(Space.REVISION, cursor.key(), wrong.toByteArray());
            }
            storage.write(List.of(other));
            storage.flush();
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String id(Cluster cluster, int member) {
        return Long.toUnsignedString(cluster.member(member).server().membership().self());
    }

    private static int leader(Cluster cluster) {
        return IntStream.range(0, 3)
                .filter(member -> cluster.member(member).server().status().isLeader())
                .findFirst()
                .orElseThrow();
    }
}
