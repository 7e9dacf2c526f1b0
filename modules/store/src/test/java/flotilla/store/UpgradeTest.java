package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.protocol.Member;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.command.Command;
import flotilla.store.log.driver.RaftLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of an older program, which can't read alarms, and of this one in one cluster. */
class UpgradeTest {
    private static final int OLDER = 0;
    private static final int THIS = 1;
    private static final int LATER = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir private Path directory;

    private static Command alarm(AlarmRequest.AlarmAction action) {
        return Command.newBuilder()
                .setAlarm(
                        AlarmRequest.newBuilder()
                                .setAction(action)
                                .setAlarm(AlarmType.NOSPACE)
                                .setMemberID(7))
                .build();
    }

    private static Applied raiseAlarm(Cluster cluster, int member) throws Exception {
        CompletableFuture<Applied> answer =
                cluster.member(member).server().propose(alarm(AlarmRequest.AlarmAction.ACTIVATE));
        try {
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EtcdException refusal) {
                return new Applied.Refused(refusal.error());
            }
            throw e;
        }
    }

    private static List<Integer> levels(Cluster cluster, int size) {
        return IntStream.range(0, size)
                .mapToObj(member -> cluster.member(member).server().machine().level())
                .toList();
    }

    private static void awaitLevel(Cluster cluster, int size, int level) {
        await().atMost(PATIENCE)
                .until(() -> levels(cluster, size).stream().allMatch(each -> each == level));
    }

    @Test
    void what_an_older_member_cannot_read_is_refused_until_the_last_is_upgraded() throws Exception {
        try (Cluster cluster = Cluster.start(directory, List.of(OLDER, THIS, LATER))) {
            for (int member = 0; member < 3; member++) {
                assertThat(raiseAlarm(cluster, member))
                        .isEqualTo(new Applied.Refused(EtcdError.NOT_CAPABLE));
                assertThat(cluster.etcdctlAt(member, "put", "a", "1")).isEqualTo("OK\n");
            }
            assertThat(levels(cluster, 3)).containsOnly(OLDER);

            cluster.stop(0);
            cluster.restartAs(0, THIS);

            awaitLevel(cluster, 3, THIS);
            for (int member = 0; member < 3; member++) {
                assertThat(raiseAlarm(cluster, member)).isInstanceOf(Applied.Done.class);
                assertThat(cluster.etcdctlAt(member, "alarm", "list"))
                        .isEqualTo("memberID:7 alarm:NOSPACE \n");
            }
        }
    }

    @Test
    void until_the_level_is_raised_a_member_goes_back_to_its_older_program() throws Exception {
        try (Cluster cluster = Cluster.start(directory, List.of(OLDER, OLDER, OLDER))) {
            cluster.stop(1);
            cluster.restartAs(1, THIS);
            cluster.stop(1);
            cluster.restartAs(1, OLDER);

            cluster.stop(0);
            cluster.restartAs(0, THIS);
            cluster.stop(2);
            cluster.restartAs(2, THIS);

            assertThat(cluster.etcdctlAt(1, "put", "a", "1")).isEqualTo("OK\n");
            assertThat(raiseAlarm(cluster, 0))
                    .isEqualTo(new Applied.Refused(EtcdError.NOT_CAPABLE));
        }
    }

    @Test
    void an_older_program_than_the_cluster_s_level_wants_neither_starts_nor_joins()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, List.of(THIS))) {
            awaitLevel(cluster, 1, THIS);
            Cluster.Joiner added = cluster.add(0);
            assertThatThrownBy(() -> cluster.join(added, OLDER))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("incompatible with current running cluster: ")
                    .hasMessageContaining("feature level 1", "reads up to 0");
            int joined = cluster.join(added, LATER);
            cluster.awaitReady();
            awaitLevel(cluster, 2, THIS);

            cluster.stop(joined);
            assertThatThrownBy(() -> cluster.restartAs(joined, OLDER))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("m1")
                    .hasMessageContaining("start the newer one that the other members run");
            cluster.restartAs(joined, THIS);

            assertThat(cluster.etcdctlAt(joined, "put", "a", "1")).isEqualTo("OK\n");
        }
    }

    /** It told that it reads more, and was then started with an older program. */
    @Test
    void a_member_that_finds_the_level_raised_above_its_program_stops_in_words_and_stays_out()
            throws Exception {
        try (LogCluster cluster = LogCluster.started(directory, 1)) {
            cluster.awaitLeader();
            RaftLog log = cluster.member(1).log();
            LogCluster.get(
                    log.propose(
                            Command.newBuilder()
                                    .setMemberAttributes(Member.newBuilder().setID(1))
                                    .setReads(LATER)
                                    .build()));

            var _ = log.propose(Command.newBuilder().setFeatureLevel(LATER).build());

            assertThat(log.failure())
                    .failsWithin(PATIENCE)
                    .withThrowableThat()
                    .withMessageContaining("the cluster is at feature level 2")
                    .withMessageContaining("reads up to 1");
            cluster.stop(1);
            assertThatThrownBy(() -> cluster.start(1))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the cluster is at feature level 2");
        }
    }

    @Test
    void a_cluster_is_of_no_version_until_all_founders_have_told_how_far_they_read()
            throws Exception {
        String client = "http://127.0.0.1:" + FreePort.take();
        String peer = "http://127.0.0.1:" + FreePort.take();
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(
                                "--name=m0",
                                "--data-dir=" + directory,
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=m0=" + peer + ",absent=http://127.0.0.1:9"),
                        Map.of());
        try (EtcdDaemon _ = EtcdDaemon.start(config);
                HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest version = HttpRequest.newBuilder(URI.create(client + "/version")).build();

            assertThat(http.send(version, HttpResponse.BodyHandlers.ofString()).body())
                    .isEqualTo("{\"etcdserver\":\"3.4.23\",\"etcdcluster\":\"not_decided\"}");
        }
    }

    /** The quota holds all the while: the member refuses by itself what it has no room for. */
    @Test
    void an_alarm_that_was_refused_is_raised_by_itself_once_all_members_can_read_it()
            throws Exception {
        try (Cluster cluster =
                Cluster.start(directory, List.of(THIS, OLDER, THIS), "--quota-backend-bytes=1")) {
            assertThat(cluster.etcdctlAt(0, "put", "a", "1"))
                    .contains("etcdserver: mvcc: database space exceeded");
            assertThat(cluster.etcdctlAt(0, "alarm", "list")).isEmpty();

            cluster.stop(1);
            cluster.restartAs(1, THIS);

            await().atMost(PATIENCE)
                    .until(() -> cluster.etcdctlAt(1, "alarm", "list").contains("alarm:NOSPACE"));
        }
    }
}
