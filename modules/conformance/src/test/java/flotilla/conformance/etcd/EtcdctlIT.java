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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /** How long a lease of two seconds may take to end, and an event to be printed. */
    private static final Duration EVENTS = Duration.ofSeconds(15);

    /** The deletion's event with the old value, {@code two}, whole. */
    private static final Pattern LAST_EVENT =
            Pattern.compile("DELETE\nw/1\ntwo\nw/1\n\n|\"value\":\"dHdv\"\\}\\}\\].*\\}\n");

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
                "get --prefix '' -w fields",
                "get --prefix '' --hex",
                "get --from-key b --keys-only",
                "get a b --print-value-only",
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
                "lease grant 9000000001",
                "lease grant soon",
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
                "member list -w table",
                "member list -w fields",
                "endpoint health",
                "endpoint health -w json",
                "endpoint health -w table",
                "endpoint health --cluster",
                "endpoint hashkv",
                "endpoint hashkv -w json",
                "endpoint hashkv -w table",
                "endpoint status",
                "endpoint status -w json",
                "endpoint status -w table",
                "endpoint status --cluster",
                "alarm list",
                "alarm disarm",
                "defrag",
                "move-leader 77",
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
        for (String line : List.of("txn", "txn -w json")) {
            String first = expected.run(stdin, words(line));
            assertThat(actual.run(stdin, words(line))).as(line).isEqualTo(first);
        }
    }

    @Order(3)
    @Test
    void a_lease_lives_and_takes_its_keys_along_as_in_etcd() {
        assertThat(actual.grant(500)).isEqualTo(expected.grant(500)).contains("TTL(500s)");
        for (String line :
                List.of(
                        "lease list",
                        "lease list -w json",
                        "put l/1 one --lease LEASE",
                        "lease timetolive LEASE --keys", // etcd lists several in any order
                        "lease timetolive LEASE --keys -w json",
                        "put l/2 two --lease LEASE",
                        "put l/2 --ignore-value --lease 77",
                        "get l --prefix -w json",
                        "get l/1 -w fields",
                        "lease timetolive LEASE",
                        "lease keep-alive LEASE --once",
                        "lease keep-alive LEASE --once -w json",
                        "put l/2 loose",
                        "lease timetolive LEASE --keys",
                        "lease revoke LEASE",
                        "get l --prefix",
                        "lease revoke LEASE",
                        "lease timetolive LEASE",
                        "lease keep-alive LEASE --once",
                        "lease list")) {
            String wanted = expected.run("", words(line));
            assertThat(actual.run("", words(line))).as("etcdctl %s", line).isEqualTo(wanted);
        }
    }

    @Order(4)
    @Test
    void a_lease_that_nobody_keeps_alive_runs_out_as_in_etcd() {
        assertThat(actual.grant(1)).isEqualTo(expected.grant(1)).contains("TTL(2s)");
        List<Etcdctl> sides = List.of(expected, actual);
        sides.forEach(side -> side.run("", words("put brief 1 --lease LEASE")));
        for (Etcdctl side : sides) {
            Awaitility.await("the end of the lease")
                    .atMost(EVENTS)
                    .until(() -> side.run("", words("get brief")).equals("exit 0"));
        }
        for (String line : List.of("get brief -w json", "lease list", "lease timetolive LEASE")) {
            String wanted = expected.run("", words(line));
            assertThat(actual.run("", words(line))).as("etcdctl %s", line).isEqualTo(wanted);
        }
    }

    @Order(5)
    @Test
    void a_watch_from_a_revision_prints_what_it_prints_for_etcd() throws Exception {
        List<String> arguments = List.of("watch", "w", "--prefix", "--rev", "5", "--prev-kv");
        for (Etcdctl side : List.of(expected, actual)) {
            side.run("", List.of("put", "w/1", "one"));
            side.run("", List.of("put", "w/1", "two"));
            side.run("", List.of("del", "w/1"));
        }

        String wanted = watched(expected, arguments, () -> {});
        assertThat(watched(actual, arguments, () -> {})).isEqualTo(wanted);
    }

    /** From a revision yet to come: whether the watch or the write comes first is the same. */
    @Order(6)
    @Test
    void a_watch_prints_what_happens_from_now_on_as_for_etcd() throws Exception {
        String json = expected.run("", words("get w -w json"));
        Matcher revision = Pattern.compile("\"revision\":(\\d+)").matcher(json);
        assertThat(revision.find()).as("a revision in %s", json).isTrue();
        long next = Long.parseLong(revision.group(1)) + 1;
        for (String format : List.of("simple", "json")) {
            List<String> arguments = words("watch w x --prev-kv --rev " + next + " -w " + format);
            String wanted = watched(expected, arguments, () -> change(expected));
            String got = watched(actual, arguments, () -> change(actual));
            assertThat(ungrouped(got)).isEqualTo(ungrouped(wanted));
            next += 4;
        }
    }

    /** Which events share a response depends on when the watch began, on both sides. */
    private static List<String> ungrouped(String output) {
        Matcher responses =
                Pattern.compile("\"Events\":\\[(.*)],\"CompactRevision\"").matcher(output);
        List<String> events =
                responses
                        .results()
                        .flatMap(response ->
                                Stream.of(response.group(1).split("(?<=}),(?=\\{\"(?:kv|type)\")")))
                        .toList();
        return events.isEmpty() ? output.lines().toList() : events;
    }

    private static void change(Etcdctl side) {
        side.run("", words("put w/1 one"));
        side.run("", words("put w/1 two"));
        side.run("", words("put elsewhere 1"));
        side.run("", words("del w --prefix"));
    }

    private static String watched(Etcdctl side, List<String> arguments, Runnable changes)
            throws IOException, InterruptedException {
        Etcdctl watcher = side.beside("watch");
        Process watch = watcher.start("", arguments);
        try {
            changes.run();
            Awaitility.await("the event of the deletion")
                    .atMost(EVENTS)
                    .until(() -> LAST_EVENT.matcher(watcher.output()).find());
            return watcher.output();
        } finally {
            watch.destroyForcibly();
            watch.waitFor();
        }
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split(" ")).map(word -> word.equals("''") ? "" : word).toList();
    }
}
