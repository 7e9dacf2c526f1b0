package flotilla.fleet;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.platform.http.HttpCaller;
import flotilla.proof.OriginalEtcd;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A machine on the original etcd.
 *
 * @param store to write what others would
 * @param caller of the machine's API
 */
record OneMachine(OriginalEtcd etcd, EtcdClient store, TestMachine machine, HttpCaller caller)
        implements AutoCloseable {
    /**
     * Returns once the machine's API serves.
     *
     * @param before fills the store
     */
    static OneMachine start(String id, Path directory, Consumer<EtcdClient> before)
            throws IOException, InterruptedException {
        OriginalEtcd etcd = OriginalEtcd.start(directory);
        EtcdClient store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        @Nullable TestMachine machine = null;
        try {
            before.accept(store);
            machine = new TestMachine(id, directory.resolve("m1"), etcd.endpoint(), Map.of());
            HttpCaller caller =
                    HttpCaller.to(
                            URI.create("unix://" + FleetDaemon.socket(directory.resolve("m1"))));
            OneMachine started = new OneMachine(etcd, store, machine, caller);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> caller.get("/fleet/v1/machines").status() == 200);
            return started;
        } catch (IOException | RuntimeException e) {
            if (machine != null) {
                machine.close();
            }
            store.close();
            etcd.close();
            throw e;
        }
    }

    @Override
    public void close() throws InterruptedException {
        caller.close();
        machine.close();
        store.close();
        etcd.close();
    }
}
