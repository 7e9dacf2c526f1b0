package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.protocol.KeyValue;
import flotilla.store.view.EtcdStateMachine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come and go while clients write. */
class ComeAndGoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private final List<Integer> here = new ArrayList<>();

    @Test
    void one_member_becomes_three_and_five_and_three_again_and_no_client_hears_of_it()
            throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1);
                Writers writers = Writers.begin(4, 200, cluster.endpoint(0))) {
            here.add(0);
            for (int i = 1; i < 5; i++) {
                join(cluster, writers);
            }
            moveLeader(cluster);
            removeLeader(cluster, writers);
            removeLeader(cluster, writers);
            awaitMore(writers);
            writers.end();

            assertThat(writers.errors()).isEmpty();
            assertAllHold(cluster, writers);
        }
    }

    @Test
    void a_third_member_catches_up_from_a_snapshot_while_puts_go_on() throws Exception {
        try (Cluster cluster = Cluster.start(directory, 1, "--snapshot-count=100");
                Writers writers = Writers.begin(2, 256 << 10, cluster.endpoint(0))) {
            here.add(0);
            join(cluster, writers);
            await().atMost(PATIENCE).until(() -> writers.acknowledged().size() > 256);

            join(cluster, writers);
            awaitMore(writers);
            writers.end();

            assertThat(writers.errors()).isEmpty();
            assertAllHold(cluster, writers);
        }
    }

    private void join(Cluster cluster, Writers writers) throws Exception {
        int joined = cluster.join(cluster.addWhenSteady());
        assertThat(cluster.member(joined).ready()).succeedsWithin(PATIENCE);
        writers.alsoTo(cluster.endpoint(joined));
        here.add(joined);
        awaitMore(writers);
    }

    private void moveLeader(Cluster cluster) throws Exception {
        int leader = leader(cluster);
        int next = here.get((here.indexOf(leader) + 1) % here.size());
        assertThat(cluster.etcdctlAt(leader, "move-leader", cluster.id(next)))
                .contains("Leadership transferred");
        await().atMost(PATIENCE).until(() -> leader(cluster) == next);
    }

    private void removeLeader(Cluster cluster, Writers writers) throws Exception {
        int leader = leader(cluster);
        int other = here.get((here.indexOf(leader) + 1) % here.size());
        await().atMost(PATIENCE)
                .until(() ->
                        cluster.etcdctlAt(other, "member", "remove", cluster.id(leader))
                                .contains("removed from cluster"));
        writers.noLongerTo(cluster.endpoint(leader));
        assertThat(cluster.member(leader).server().failure())
                .as("it stops by itself")
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withMessageContaining("this member was removed from the cluster");
        cluster.stop(leader);
        here.removeIf(member -> member == leader);
        awaitMore(writers);
    }

    private static void awaitMore(Writers writers) {
        int before = writers.acknowledged().size();
        await().atMost(PATIENCE).until(() -> writers.acknowledged().size() > before + 100);
    }

    private int leader(Cluster cluster) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                here.stream()
                                        .filter(member ->
                                                cluster.member(member).server().status().isLeader())
                                        .toList(),
                        leaders -> leaders.size() == 1)
                .getFirst();
    }

    /** Every acknowledged write is on every member, and all members hold the same. */
    private void assertAllHold(Cluster cluster, Writers writers) {
        EtcdStateMachine first = cluster.member(here.getFirst()).server().machine();
        await().atMost(PATIENCE)
                .until(() ->
                        here.stream()
                                .allMatch(member ->
                                        cluster.member(member).server().machine().revision()
                                                == first.revision()));
        for (int member : here) {
            EtcdStateMachine machine = cluster.member(member).server().machine();
            for (String key : writers.acknowledged()) {
                assertThat(Commands.read(machine, Commands.range(key, "", 0)).getKvsList())
                        .as("%s on member %d", key, member)
                        .singleElement()
                        .extracting(KeyValue::getValue)
                        .isEqualTo(writers.value(key));
            }
            assertThat(machine.hashKv(0).getHash()).isEqualTo(first.hashKv(0).getHash());
        }
    }
}
