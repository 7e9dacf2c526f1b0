package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.protocol.MaintenanceGrpc;
import flotilla.protocol.SnapshotRequest;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup of ours, in the hands of the original. */
class BackupTest {
    private static final Path ETCD = Path.of("/usr/bin/etcd");
    private static final Path ETCDCTL = Path.of("/usr/bin/etcdctl");

    /** Most operations of a transaction. */
    private static final int OPERATIONS = 128;

    @TempDir private Path directory;

    @BeforeAll
    static void needTheOriginal() {
        Assumptions.assumeTrue(Files.isExecutable(ETCD), "/usr/bin/etcd is not installed");
        Assumptions.assumeTrue(Files.isExecutable(ETCDCTL), "/usr/bin/etcdctl is not installed");
    }

    /** Enough keys for a tree of three levels, a value of many pages, and a history with gaps. */
    @Test
    void the_original_goes_on_from_a_backup_with_every_key_its_history_and_its_lease()
            throws Exception {
        try (Cluster ours = Cluster.start(directory, 1)) {
            for (int first = 0; first < 200; first++) {
                putMany(ours, first);
            }
            putLarge(ours, "/large");
            ours.etcdctl("compaction", "100");
            ours.etcdctl("del", "/k/000/000");
            ours.etcdctl("put", "/k/000/001", "anew");
            String lease = ours.etcdctl("lease", "grant", "1000").split(" ")[1];
            ours.etcdctl("put", "/leased", "v", "--lease=" + lease);

            Path file = directory.resolve("backup.db");
            assertThat(ours.etcdctl("snapshot", "save", file.toString()))
                    .contains("Snapshot saved");
            assertThat(
                            Cluster.run(
                                    List.of(
                                            ETCDCTL.toString(),
                                            "snapshot",
                                            "status",
                                            file.toString())))
                    .doesNotContain("Error");

            try (Restored restored = new Restored(file)) {
                for (String[] question :
                        new String[][] {
                            {"get", "--prefix", "", "-w", "json"},
                            {"get", "/k/000/001", "--rev=150", "-w", "json"}
                        }) {
                    assertThat(afterHeader(restored.ctl(question)))
                            .as(String.join(" ", question))
                            .isEqualTo(afterHeader(ours.etcdctl(question)));
                }
                assertThat(restored.ctl("get", "/k/000/000", "--rev=99"))
                        .contains("required revision has been compacted");
                assertThat(restored.ctl("lease", "timetolive", lease, "--keys"))
                        .contains("granted with TTL(1000s)", "attached keys([/leased])");
                assertThat(hash(restored.ctl("endpoint", "hashkv", "-w", "json")))
                        .isEqualTo(hash(ours.etcdctl("endpoint", "hashkv", "-w", "json")));
                assertThat(restored.ctl("put", "/after", "v")).isEqualTo("OK\n");
            }
        }
    }

    @Test
    void an_empty_store_can_be_saved_and_restored() throws Exception {
        try (Cluster ours = Cluster.start(directory, 1)) {
            Path file = directory.resolve("backup.db");
            ours.etcdctl("snapshot", "save", file.toString());
            try (Restored restored = new Restored(file)) {
                assertThat(restored.ctl("get", "--prefix", "")).isEmpty();
            }
        }
    }

    @Test
    void its_keys_come_into_a_cluster_of_ours_by_the_mirror_of_etcdctl() throws Exception {
        Path file = directory.resolve("backup.db");
        try (Cluster lost = Cluster.start(directory.resolve("lost"), 1)) {
            for (String key : List.of("/a", "/b", "/c")) {
                lost.etcdctl("put", key, "of " + key);
            }
            lost.etcdctl("snapshot", "save", file.toString());
        }
        try (Restored restored = new Restored(file);
                Cluster anew = Cluster.start(directory.resolve("anew"), 1)) {
            Process mirror =
                    new ProcessBuilder(
                                    ETCDCTL.toString(),
                                    "--endpoints=" + restored.client,
                                    "make-mirror",
                                    URI.create(anew.endpoint(0)).getAuthority())
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("mirror.log").toFile())
                            .start();
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> anew.etcdctl("get", "--prefix", ""),
                                all -> all.equals("/a\nof /a\n/b\nof /b\n/c\nof /c\n"));
            } finally {
                mirror.destroy();
            }
        }
    }

    /** One that isn't read holds a state of the store; whoever goes away lets go of it. */
    @Test
    void two_are_made_at_once_and_one_whose_client_has_gone_makes_room() throws Exception {
        try (Cluster ours = Cluster.start(directory, 1)) {
            for (int i = 0; i < 4; i++) {
                putLarge(ours, "/large" + i);
            }
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(
                                    "127.0.0.1", URI.create(ours.endpoint(0)).getPort())
                            .usePlaintext()
                            .build();
            MaintenanceGrpc.MaintenanceBlockingStub client =
                    MaintenanceGrpc.newBlockingStub(channel);
            SnapshotRequest request = SnapshotRequest.getDefaultInstance();
            try (Context.CancellableContext leaves = Context.current().withCancellation()) {
                leaves.run(() -> assertThat(client.snapshot(request).hasNext()).isTrue());
                assertThat(client.snapshot(request).hasNext()).isTrue();
                assertThatThrownBy(() -> client.snapshot(request).hasNext())
                        .hasMessageContaining("too many requests");

                leaves.cancel(null);

                Path file = directory.resolve("backup.db");
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () -> ours.etcdctl("snapshot", "save", file.toString()),
                                said -> said.contains("Snapshot saved"));
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private void putLarge(Cluster ours, String key) throws Exception {
        Path large = Files.writeString(directory.resolve("large"), "x".repeat(1 << 20));
        Cluster.run(
                List.of(
                        "sh",
                        "-c",
                        "%s --endpoints=%s put %s < %s"
                                .formatted(ETCDCTL, ours.endpoint(0), key, large)));
    }

    /** Header ids are each cluster's own. */
    private static String afterHeader(String json) {
        return json.replaceFirst("\"header\":\\{[^}]*}", "");
    }

    private static String hash(String json) {
        return json.replaceFirst("(?s).*\"hash\":(\\d+).*", "$1");
    }

    private void putMany(Cluster ours, int first) throws Exception {
        String puts =
                IntStream.range(0, OPERATIONS)
                        .mapToObj("put /k/%03d/%%03d value".formatted(first)::formatted)
                        .collect(Collectors.joining("\n"));
        Path script = Files.writeString(directory.resolve("txn"), "\n" + puts + "\n\n\n");
        String said =
                Cluster.run(
                        List.of(
                                "sh",
                                "-c",
                                "%s --endpoints=%s txn < %s"
                                        .formatted(ETCDCTL, ours.endpoint(0), script)));
        assertThat(said).startsWith("SUCCESS");
    }

    /** The original, running on what its etcdctl made of a backup. */
    private final class Restored implements AutoCloseable {
        private final String client = "http://127.0.0.1:" + FreePort.take();
        private final Process process;

        Restored(Path file) throws Exception {
            String peer = "http://127.0.0.1:" + FreePort.take();
            List<String> founded =
                    List.of(
                            "--name=r",
                            "--initial-cluster=r=" + peer,
                            "--initial-advertise-peer-urls=" + peer);
            Path data = directory.resolve("restored");
            List<String> restore =
                    new ArrayList<>(
                            List.of(
                                    ETCDCTL.toString(),
                                    "snapshot",
                                    "restore",
                                    file.toString(),
                                    "--data-dir=" + data));
            restore.addAll(founded);
            assertThat(Cluster.run(restore)).doesNotContain("Error").contains("restored snapshot");
            List<String> start =
                    new ArrayList<>(
                            List.of(
                                    ETCD.toString(),
                                    "--data-dir=" + data,
                                    "--listen-client-urls=" + client,
                                    "--advertise-client-urls=" + client,
                                    "--listen-peer-urls=" + peer));
            start.addAll(founded);
            process =
                    new ProcessBuilder(start)
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("etcd.log").toFile())
                            .start();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ctl("endpoint", "health").contains("is healthy"));
        }

        String ctl(String... arguments) throws Exception {
            List<String> command =
                    new ArrayList<>(List.of(ETCDCTL.toString(), "--endpoints=" + client));
            command.addAll(List.of(arguments));
            return Cluster.run(command);
        }

        @Override
        public void close() throws Exception {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
