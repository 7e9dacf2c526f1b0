package flotilla.fleet.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.proof.OriginalEtcd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the original etcd. */
class HeartTest {
    private static final Key KEY = new Key.OfMachine("m1");
    private static final Machine MACHINE =
            new Machine("m1", "10.0.0.1", "one", Map.of(), Capacity.UNKNOWN, "1");

    @TempDir private Path directory = Path.of("");
    private final BlockingQueue<Event> told = new LinkedBlockingQueue<>();
    private OriginalEtcd etcd;
    private EtcdClient client;
    private Registry registry;

    @BeforeEach
    void begins() throws Exception {
        etcd = OriginalEtcd.start(directory);
        client = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(client, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
    }

    @AfterEach
    void ends() throws InterruptedException {
        client.close();
        etcd.close();
    }

    /** Its lease, once the machine is in the cluster. */
    private long enter(Heart heart) throws InterruptedException {
        heart.start(told::add);
        return nextLease();
    }

    private long nextLease() throws InterruptedException {
        while (true) {
            if (told.take() instanceof Event.Registered(long lease, long _, long _)) {
                return lease;
            }
        }
    }

    @Test
    void a_machine_stays_in_the_cluster_when_the_lease_of_a_daemon_that_went_has_ended()
            throws InterruptedException {
        Heart heart = new Heart(registry, MACHINE, Duration.ofSeconds(9));
        long first = enter(heart);

        heart.stay();
        heart.abandon();
        registry.revoke(first);

        assertThat(registry.get(KEY)).isPresent();
        assertThat(nextLease()).isNotEqualTo(first);
        Heart next = new Heart(registry, MACHINE, Duration.ofSeconds(9));
        long third = enter(next);
        next.abandon();
        registry.revoke(third);
        assertThat(registry.get(KEY)).as("it counts by the next one's lease again").isEmpty();
    }

    @Test
    void a_daemon_that_just_ends_leaves_the_machine_to_its_lease() throws InterruptedException {
        Heart heart = new Heart(registry, MACHINE, Duration.ofSeconds(9));
        long lease = enter(heart);

        heart.abandon();
        registry.revoke(lease);

        assertThat(registry.get(KEY)).isEmpty();
    }
}
