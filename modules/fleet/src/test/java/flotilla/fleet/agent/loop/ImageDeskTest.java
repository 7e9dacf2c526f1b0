package flotilla.fleet.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.image.Blobs;
import flotilla.fleet.image.Images;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.machine.FakeEngine;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import flotilla.proof.OriginalEtcd;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine sees to in its rounds, of images that others push and lose; on etcd. */
class ImageDeskTest {
    private static final byte[] BYTES = "of a layer".getBytes(StandardCharsets.UTF_8);
    private static final Blob BLOB =
            new Blob("30ae0f0778259014fb7a1590468e8d350903dd9f5f567022a038b79d2d2de1c3", 10);

    @TempDir private Path directory;
    private final List<Event> events = new ArrayList<>();
    private OriginalEtcd etcd;
    private EtcdClient store;
    private Registry registry;
    private HttpServer other;
    private Blobs blobs = Blobs.in(Path.of(""));
    private ImageDesk desk;
    private Image image;

    @BeforeEach
    void a_machine_beside_another() throws Exception {
        etcd = OriginalEtcd.start(directory);
        store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(store, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        other =
                HttpServer.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        request -> new Response.Whole(200, Map.of(), BYTES));
        blobs = Blobs.in(directory.resolve("images"));
        image = new Image(new ImageName("app:1"), BLOB, List.of(BLOB));
        Images images =
                new Images(
                        registry,
                        new Images.Site(
                                blobs,
                                new FakeEngine(),
                                Optional.of(address ->
                                        HttpCaller.to(
                                                URI.create("http://127.0.0.1:" + other.port()))),
                                "m1"));
        desk = new ImageDesk(images, registry, Clock.system(), events::add);
        announce("m1");
        announce("m2");
        registry.txn()
                .then(registry.put(new Entry.OfImage(image)))
                .then(registry.put(new Entry.OfHolding("m2", Set.of(BLOB.digest()))))
                .commit();
    }

    @AfterEach
    void none() throws InterruptedException {
        desk.close();
        other.close();
        store.close();
        etcd.close();
    }

    private void announce(String id) {
        Machine machine = new Machine(id, "10.0.0.1", id, Map.of(), Capacity.UNKNOWN, "1");
        registry.txn().then(registry.put(new Entry.OfMachine(machine))).commit();
    }

    @Test
    void an_image_that_too_few_have_is_fetched_in_the_second_round_that_misses_it() {
        desk.look(true);
        assertThat(blobs.has(BLOB)).as("a push may be under way").isFalse();

        desk.look(true);

        assertThat(blobs.has(BLOB)).isTrue();
        assertThat(events).last().isEqualTo(new Event.Holds(Set.of(BLOB.digest())));
    }

    @Test
    void a_call_between_rounds_only_says_what_is_here() {
        desk.look(false);
        desk.look(false);

        assertThat(blobs.has(BLOB)).isFalse();
        assertThat(events).containsOnly(new Event.Holds(Set.of()));
    }

    @Test
    void blobs_go_when_their_image_is_taken_out_and_not_while_a_kind_of_it_is_unreadable()
            throws Exception {
        var _ = blobs.append(BLOB, 0, BYTES);
        Files.setLastModifiedTime(
                directory.resolve("images/blobs").resolve(BLOB.digest()),
                FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        desk.look(true);
        assertThat(blobs.has(BLOB)).as("an image has it").isTrue();

        registry.txn().then(registry.delete(new Entry.OfImage(image).key())).commit();
        store.put(registry.layout().images() + "later:1", "{\"of\":\"a later version\"}");
        desk.look(true);
        assertThat(blobs.has(BLOB)).as("nobody knows whose it is").isTrue();

        store.delete(registry.layout().images() + "later:1");
        desk.look(true);
        assertThat(blobs.has(BLOB)).isFalse();
    }
}
