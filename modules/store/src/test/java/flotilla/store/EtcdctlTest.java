package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original's etcdctl 3.4 against three members of ours. */
class EtcdctlTest {
    private static Cluster cluster;
    @TempDir private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start(directory, 3);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void put_get_and_del_answer_as_etcd_does() throws Exception {
        assertThat(cluster.etcdctl("put", "/k/a", "one")).isEqualTo("OK\n");
        assertThat(cluster.etcdctl("put", "/k/b", "two", "--prev-kv")).isEqualTo("OK\n");
        assertThat(cluster.etcdctl("get", "--prefix", "/k/")).isEqualTo("/k/a\none\n/k/b\ntwo\n");
        assertThat(cluster.etcdctl("get", "--prefix", "/k/", "--keys-only", "--limit=1"))
                .isEqualTo("/k/a\n\n");
        assertThat(cluster.etcdctl("del", "--prefix", "/k/")).isEqualTo("2\n");
        assertThat(cluster.etcdctl("get", "--prefix", "/k/")).isEmpty();
    }

    @Test
    void what_one_member_took_every_member_answers() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.etcdctlAt(i, "put", "/every", "v" + i)).isEqualTo("OK\n");
            for (int j = 0; j < 3; j++) {
                assertThat(cluster.etcdctlAt(j, "get", "/every")).isEqualTo("/every\nv" + i + "\n");
            }
        }
    }

    @Test
    void a_transaction_and_its_refusals_read_as_etcd_s() throws Exception {
        Path script = directory.resolve("txn");
        Files.writeString(script, "create(\"/t\") = \"0\"\n\nput /t 1\n\nget /t\n\n");
        String command =
                "/usr/bin/etcdctl --endpoints=%s txn < %s".formatted(cluster.endpoint(0), script);
        assertThat(Cluster.run(List.of("sh", "-c", command))).startsWith("SUCCESS");
        assertThat(Cluster.run(List.of("sh", "-c", command)))
                .startsWith("FAILURE")
                .contains("/t\n1");
        assertThat(cluster.etcdctlAt(0, "put", "--lease=123", "/t", "x"))
                .contains("etcdserver: requested lease not found");
        assertThat(cluster.etcdctlAt(0, "get", "--rev=1000000", "/t"))
                .contains("etcdserver: mvcc: required revision is a future revision");
    }

    @Test
    void a_compacted_revision_is_refused_and_newer_ones_stay() throws Exception {
        cluster.etcdctl("put", "/c", "1");
        cluster.etcdctl("put", "/c", "2");
        String json = cluster.etcdctl("get", "/c", "-w", "json");
        long revision = Long.parseLong(json.replaceFirst(".*\"mod_revision\":(\\d+).*\\n?", "$1"));
        assertThat(cluster.etcdctl("compaction", "--physical=true", Long.toString(revision)))
                .isEqualTo("compacted revision " + revision + "\n");
        assertThat(cluster.etcdctl("get", "/c", "--rev=" + (revision - 1)))
                .contains("etcdserver: mvcc: required revision has been compacted");
        assertThat(cluster.etcdctl("get", "/c", "--rev=" + revision)).isEqualTo("/c\n2\n");
    }

    @Test
    void a_lease_takes_its_keys_along() throws Exception {
        String granted = cluster.etcdctl("lease", "grant", "300");
        assertThat(granted).matches("lease [0-9a-f]+ granted with TTL\\(300s\\)\n");
        String id = granted.split(" ")[1];
        cluster.etcdctl("put", "--lease=" + id, "/leased", "x");
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.etcdctlAt(i, "lease", "timetolive", "--keys", id))
                    .contains("granted with TTL(300s)")
                    .contains("attached keys([/leased])");
            assertThat(cluster.etcdctlAt(i, "lease", "keep-alive", "--once", id))
                    .contains("keepalived with TTL(300)");
            assertThat(cluster.etcdctlAt(i, "lease", "list")).contains(id);
        }
        assertThat(cluster.etcdctl("lease", "revoke", id)).isEqualTo("lease " + id + " revoked\n");
        assertThat(cluster.etcdctl("get", "/leased")).isEmpty();
        assertThat(cluster.etcdctl("lease", "timetolive", id)).contains("already expired");
    }

    @Test
    void a_lease_that_nobody_renews_expires() throws Exception {
        String id = cluster.etcdctl("lease", "grant", "2").split(" ")[1];
        cluster.etcdctl("put", "--lease=" + id, "/short", "x");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> cluster.etcdctl("get", "/short").isEmpty());
    }

    @Test
    void a_watch_through_any_member_sees_history_and_what_comes() throws Exception {
        cluster.etcdctl("put", "/w", "1");
        String json = cluster.etcdctl("get", "/w", "-w", "json");
        String revision = json.replaceFirst(".*\"mod_revision\":(\\d+).*\\n?", "$1");
        Path output = directory.resolve("watched");
        Process watch = cluster.etcdctlProcess(output, "watch", "--rev=" + revision, "/w");
        try {
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> Files.readString(output).equals("PUT\n/w\n1\n"));
            cluster.etcdctl("put", "/w", "2");
            cluster.etcdctl("del", "/w");
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() ->
                            Files.readString(output)
                                    .equals("PUT\n/w\n1\nPUT\n/w\n2\nDELETE\n/w\n\n"));
        } finally {
            watch.destroyForcibly().waitFor();
        }
    }

    @Test
    void members_status_health_and_hash_are_told() throws Exception {
        assertThat(cluster.etcdctl("member", "list").lines())
                .hasSize(3)
                .allMatch(line -> line.contains(", started, m") && line.endsWith(", false"));
        assertThat(cluster.etcdctl("endpoint", "health").lines())
                .hasSize(3)
                .allMatch(line -> line.contains("is healthy"));
        assertThat(cluster.etcdctl("endpoint", "status", "-w", "json"))
                .contains("\"version\":\"3.4.23\"")
                .doesNotContain("errors");
        await().atMost(30, TimeUnit.SECONDS)
                .until(() ->
                        cluster.etcdctl("endpoint", "hashkv")
                                        .lines()
                                        .map(line -> line.replaceFirst(".*, ", ""))
                                        .distinct()
                                        .count()
                                == 1);
        assertThat(cluster.etcdctl("alarm", "list")).isEmpty();
        assertThat(cluster.etcdctl("alarm", "disarm")).isEmpty();
        assertThat(cluster.etcdctl("defrag")).contains("Finished defragmenting");
    }

    @Test
    void a_request_too_large_is_refused_as_such() throws Exception {
        Path value = directory.resolve("large");
        Files.write(value, new byte[1_700_000]);
        String command =
                "tr '\\0' x < %s | /usr/bin/etcdctl --endpoints=%s put /large"
                        .formatted(value, cluster.endpoint(0));
        assertThat(Cluster.run(List.of("sh", "-c", command)))
                .contains("etcdserver: request is too large");
    }
}
