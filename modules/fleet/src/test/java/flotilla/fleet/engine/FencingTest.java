package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.client.ClientConfig;
import flotilla.client.Election;
import flotilla.client.Election.Leadership;
import flotilla.client.EtcdClient;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.OriginalEtcd;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the original etcd: what no longer holds when it is carried out changes nothing. */
class FencingTest {
    @Test
    void what_a_deposed_engine_decides_is_not_carried_out(@TempDir Path directory)
            throws Exception {
        try (OriginalEtcd etcd = OriginalEtcd.start(directory);
                EtcdClient client = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())))) {
            Registry registry = new Registry(client, new Layout(Layout.DEFAULT_PREFIX));
            LeaseKeeper lease = LeaseKeeper.grant(client, Duration.ofSeconds(60), () -> {});
            Leadership leadership =
                    new Election(client, registry.layout().engine())
                            .campaign(lease, ByteString.copyFromUtf8("m1"));
            Executor executor = new Executor(registry, leadership, Clock.system());
            Decision first = place(registry, "a.service");
            Decision second = place(registry, "b.service");
            Decision third = place(registry, "c.service");

            assertThat(executor.execute(List.of(first))).isEqualTo(1);
            assertThat(executor.leads()).isTrue();
            lease.close();

            assertThat(executor.execute(List.of(second, third))).isZero();
            assertThat(executor.leads()).isFalse();
            assertThat(registry.get(new Key.OfOwner("a.service"))).isPresent();
            assertThat(registry.get(new Key.OfOwner("b.service"))).isEmpty();
            assertThat(registry.list(registry.layout().placements("m1"))).hasSize(1);
        }
    }

    @Test
    void no_unit_comes_to_a_machine_that_was_cordoned_since_it_was_decided(@TempDir Path directory)
            throws Exception {
        try (OriginalEtcd etcd = OriginalEtcd.start(directory);
                EtcdClient client = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())))) {
            Registry registry = new Registry(client, new Layout(Layout.DEFAULT_PREFIX));
            LeaseKeeper lease = LeaseKeeper.grant(client, Duration.ofSeconds(60), () -> {});
            Leadership leadership =
                    new Election(client, registry.layout().engine())
                            .campaign(lease, ByteString.copyFromUtf8("m1"));
            Executor executor = new Executor(registry, leadership, Clock.system());
            Decision.Place there = place(registry, "a.service");
            Decision.Place comes = place(registry, "b.service");
            Job job = there.job();
            executor.execute(List.of(there));
            Entry cordoned = new Entry.OfEligibility("m1", Eligibility.CORDONED);
            registry.txn().then(registry.put(cordoned)).commit();
            registry.txn().then(registry.put(new Entry.OfOwner("c.service", "m2"))).commit();
            Decision.Place third = place(registry, "c.service");

            Decision global =
                    new Decision.Place(comes.job(), comes.jobRevision(), "m1", true, "test");
            Decision move = new Decision.Move(third.job(), third.jobRevision(), "m2", "m1", "test");
            for (Decision decision : List.of(comes, global, move)) {
                assertThat(executor.execute(List.of(decision))).as("%s", decision).isZero();
            }
            // What is there is still told of another wish.
            Decision update = new Decision.Update(job, there.jobRevision(), "m1", "test");
            assertThat(executor.execute(List.of(update))).isEqualTo(1);
            lease.close();
        }
    }

    private static Decision.Place place(Registry registry, String unit) {
        Job job = new Job(unit, "h", JobState.LAUNCHED);
        registry.txn().then(registry.put(new Entry.OfJob(job))).commit();
        long revision = registry.get(new Key.OfJob(unit)).map(Stored::revision).orElseThrow();
        return new Decision.Place(job, revision, "m1", false, "test");
    }
}
