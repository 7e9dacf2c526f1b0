package flotilla.conformance.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's etcdctl 3.4.23 prints the same for ours as for the original, command after command on
 * the same two stores. {@code -Ddifferential.against=ETCD} compares the original with itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdctlIT {
    private static final Etcdctl NONE = new Etcdctl("127.0.0.1:0", Path.of("none"));

    private @Nullable Cluster original;
    private @Nullable Cluster ours;
    private Etcdctl expected = NONE;
    private Etcdctl actual = NONE;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        assumeTrue(Program.ETCD.command().isPresent(), "Debian's etcd-server is not installed");
        assumeTrue(Etcdctl.isInstalled(), "Debian's etcd-client is not installed");
        Program other = Program.valueOf(System.getProperty("differential.against", "FLOTILLA"));
        Path left = Files.createDirectory(folder.resolve("a"));
        Path right = Files.createDirectory(folder.resolve("b"));
        Cluster etcd = Cluster.of(Program.ETCD, 1, left);
        original = etcd;
        Cluster flotilla = Cluster.of(other, 1, right);
        ours = flotilla;
        expected = new Etcdctl(etcd.start().addresses().getFirst(), left);
        actual = new Etcdctl(flotilla.start().addresses().getFirst(), right);
    }

    @AfterAll
    void stop() {
        if (original != null) {
            original.close();
        }
        if (ours != null) {
            ours.close();
        }
    }

    @Order(1)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "put a 1",
                "put b 2 --prev-kv",
                "put a 3 --prev-kv",
                "get a",
                "get a -w json",
                "get a -w fields",
                "get a --rev 2",
                "get a --rev 99",
                "get --prefix ''",
                "get --from-key b --keys-only",
                "get a z --sort-by MODIFY --order DESCEND --limit 1",
                "get '' --prefix --count-only -w json",
                "get missing",
                "put",
                "put a --ignore-value --lease 1",
                "put c --ignore-value",
                "lease list",
                "lease revoke 77",
                "lease timetolive 77",
                "lease keep-alive 77 --once",
                "del b --prev-kv",
                "del b",
                "del --prefix ''",
                "compaction 3",
                "compaction 3",
                "compaction 99",
                "compaction 4 --physical",
                "get a --rev 1",
                "member list",
                "member list -w json",
                "endpoint health",
                "endpoint hashkv",
                "endpoint hashkv -w json",
                "endpoint status -w json",
                "check nothing"
            })
    void a_command_prints_what_it_prints_for_etcd(String line) {
        List<String> arguments = words(line);

        assertThat(actual.run("", arguments))
                .as("etcdctl %s", line)
                .isEqualTo(expected.run("", arguments));
    }

    @Order(2)
    @Test
    void a_transaction_from_standard_input_prints_what_it_prints_for_etcd() {
        String stdin =
                """
                mod("t") = "0"
                create("t") < "5"

                put t first
                get t
                del a --prefix

                get t

                """;
        List<String> txn = List.of("txn");

        String first = expected.run(stdin, txn);
        assertThat(actual.run(stdin, txn)).isEqualTo(first).contains("SUCCESS");
        String second = expected.run(stdin, txn);
        assertThat(actual.run(stdin, txn)).isEqualTo(second).contains("FAILURE");
    }

    @Order(3)
    @Test
    void a_lease_lives_and_takes_its_keys_along_as_in_etcd() {
        for (Etcdctl side : List.of(expected, actual)) {
            String granted = side.run("", List.of("lease", "grant", "500"));
            assertThat(granted).contains("lease ID granted with TTL(500s)");
        }
        for (String line : List.of("lease list", "get lease --prefix")) {
            assertThat(actual.run("", words(line))).isEqualTo(expected.run("", words(line)));
        }
    }

    @Order(4)
    @Test
    void a_watch_from_a_revision_prints_what_it_prints_for_etcd() throws InterruptedException {
        List<String> arguments = List.of("watch", "w", "--prefix", "--rev", "5", "--prev-kv");
        for (Etcdctl side : List.of(expected, actual)) {
            side.run("", List.of("put", "w/1", "one"));
            side.run("", List.of("put", "w/1", "two"));
            side.run("", List.of("del", "w/1"));
        }

        String wanted = watched(expected, arguments);
        assertThat(watched(actual, arguments)).isEqualTo(wanted);
    }

    private static String watched(Etcdctl side, List<String> arguments)
            throws InterruptedException {
        Process watch = side.start("", arguments);
        try {
            Awaitility.await("the DELETE event")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> side.output().contains("DELETE\nw/1\ntwo"));
            return side.output();
        } finally {
            watch.destroyForcibly();
            watch.waitFor();
        }
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split(" ")).map(word -> word.equals("''") ? "" : word).toList();
    }
}
