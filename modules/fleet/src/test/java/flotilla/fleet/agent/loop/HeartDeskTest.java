package flotilla.fleet.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.agent.heart.Beat;
import flotilla.fleet.agent.heart.Step;
import flotilla.fleet.cluster.Entry;
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
class HeartDeskTest {
    private static final Entry.OfMachine MACHINE =
            new Entry.OfMachine(
                    new Machine("m1", "10.0.0.1", "one", Map.of(), Capacity.UNKNOWN, "1"));
    private static final Entry.OfLeaving STOPPED = new Entry.OfLeaving("m1", true);
    private static final Key LEAVING = new Key.OfLeaving("m1");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir private Path directory = Path.of("");
    private final BlockingQueue<Beat> beats = new LinkedBlockingQueue<>();
    private OriginalEtcd etcd;
    private EtcdClient client;
    private Registry registry;
    private HeartDesk desk;

    @BeforeEach
    void asks() throws Exception {
        etcd = OriginalEtcd.start(directory);
        client = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(client, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        desk = new HeartDesk(registry, beats::add);
    }

    @AfterEach
    void ends() throws InterruptedException {
        client.close();
        etcd.close();
    }

    /** The revision of the machine's key. */
    private long announce(long found) throws InterruptedException {
        desk.announce(new Step.Announce(1, MACHINE, registry.grant(MINUTE), found));
        Beat answer = beats.take();
        assertThat(answer).isInstanceOf(Beat.Announced.class);
        return ((Beat.Announced) answer).revision();
    }

    private void sayStopped(long revision) throws InterruptedException {
        desk.sayLeaving(new Step.SayLeaving(STOPPED, MINUTE, revision));
        assertThat(beats.take()).isEqualTo(new Beat.LeavingSaid());
    }

    @Test
    void how_a_machine_leaves_stands_until_it_is_back() throws InterruptedException {
        long revision = announce(0);

        sayStopped(revision);
        assertThat(registry.get(LEAVING)).map(there -> there.entry()).contains(STOPPED);

        announce(revision);
        assertThat(registry.get(LEAVING)).isEmpty();
    }

    @Test
    void what_is_written_late_of_leaving_does_not_stand_once_the_machine_is_back()
            throws InterruptedException {
        long revision = announce(0);
        announce(revision);

        sayStopped(revision);

        assertThat(registry.get(LEAVING)).isEmpty();
    }
}
