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
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.fleet.registry.Stored;
import flotilla.platform.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the original etcd: an engine that was deposed changes nothing, whatever it believes. */
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

    private static Decision place(Registry registry, String unit) {
        Job job = new Job(unit, "h", JobState.LAUNCHED);
        registry.txn().then(registry.put(new Entry.OfJob(job))).commit();
        long revision = registry.get(new Key.OfJob(unit)).map(Stored::revision).orElseThrow();
        return new Decision.Place(job, revision, "m1", false, "test");
    }
}
