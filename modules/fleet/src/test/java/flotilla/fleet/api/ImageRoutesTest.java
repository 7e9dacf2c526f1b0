package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.image.Blobs;
import flotilla.fleet.image.ImageArchive;
import flotilla.fleet.image.Images;
import flotilla.fleet.image.TarFile;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.machine.FakeEngine;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Peers;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.proof.OriginalEtcd;
import flotilla.proof.SmallDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images by a machine's API, on the original etcd. */
class ImageRoutesTest {
    private static final int LAYER_BYTES = 3 << 20;
    private static final Peers NOBODY =
            address -> HttpCaller.to(URI.create("http://127.0.0.1:9/" + address));

    @TempDir private Path directory;
    private final AtomicLong sentBytes = new AtomicLong();
    private OriginalEtcd etcd;
    private EtcdClient store;
    private Registry registry;
    private Path tar;

    @BeforeEach
    void a_store_and_a_file() throws Exception {
        etcd = OriginalEtcd.start(directory);
        store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(store, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        byte[] layer = new byte[LAYER_BYTES];
        new Random(1).nextBytes(layer);
        tar = Files.write(directory.resolve("app.tar"), TarFile.image("app:1", layer));
        announce("m1");
    }

    @AfterEach
    void none() throws InterruptedException {
        store.close();
        etcd.close();
    }

    private void announce(String id) {
        Machine machine = new Machine(id, "10.0.0.1", id, Map.of(), Capacity.UNKNOWN, "1");
        registry.txn().then(registry.put(new Entry.OfMachine(machine))).commit();
    }

    /** The part of machine m1's API that is of images. */
    private HttpServer serve(Blobs blobs, Optional<Peers> peers) throws IOException {
        ImageRoutes routes =
                new ImageRoutes(
                        registry,
                        new Images(registry, new Images.Site(blobs, new FakeEngine(), peers, "m1")),
                        "m1");
        return HttpServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> {
                    try {
                        return answer(routes, request);
                    } catch (ApiException e) {
                        return Api.error(e.code(), String.valueOf(e.getMessage()));
                    }
                });
    }

    private Response answer(ImageRoutes routes, Request request) throws ApiException, IOException {
        sentBytes.addAndGet(request.body().length);
        Route.Asked asked = Route.of(request.method(), request.path()).orElseThrow();
        return switch (asked.route()) {
            case LIST_IMAGES -> routes.list();
            case PUT_BLOB -> routes.putBlob(asked.name(), request);
            case GET_BLOB -> routes.getBlob(asked.name(), request);
            case PUSH_IMAGE -> routes.push(request);
            case REMOVE_IMAGE -> routes.remove(request);
            default -> Response.empty(404);
        };
    }

    private static HttpCaller caller(HttpServer server) {
        return HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()));
    }

    private void push(HttpServer server) throws Exception {
        try (HttpCaller caller = caller(server);
                ImageArchive archive = ImageArchive.open(tar, Optional.empty())) {
            new ImageClient(caller).push(archive, words -> {});
        }
    }

    private Blobs own() {
        return Blobs.in(directory.resolve("own"));
    }

    @Test
    void a_push_that_broke_off_sends_what_is_lacking_and_one_of_what_is_there_nothing()
            throws Exception {
        try (HttpServer server = serve(own(), Optional.of(NOBODY));
                ImageArchive archive = ImageArchive.open(tar, Optional.empty())) {
            Blob layer = archive.image().layers().getFirst();
            var _ = own().append(layer, 0, archive.read(layer, 0, LAYER_BYTES - 1000));

            push(server);
            assertThat(sentBytes.get()).isLessThan(5000);
            sentBytes.set(0);
            push(server);

            assertThat(sentBytes.get()).as("but for the image's own name").isLessThan(1000);
            try (HttpCaller caller = caller(server)) {
                assertThat(new ImageClient(caller).list())
                        .extracting(ImageBody::name)
                        .containsExactly("app:1");
                new ImageClient(caller).remove("app:1");
                assertThat(new ImageClient(caller).list()).isEmpty();
            }
        }
    }

    @Test
    void a_push_that_another_machine_can_not_get_names_nothing_and_says_why() throws Exception {
        announce("m2");
        try (HttpServer server = serve(own(), Optional.of(NOBODY))) {
            assertThatThrownBy(() -> push(server))
                    .hasMessageContaining("only 1 of 2 machines have image app:1")
                    .hasMessageContaining("m2: ");

            assertThat(registry.list(registry.layout().images())).isEmpty();
        }
    }

    @Test
    void in_a_cluster_without_certificates_a_push_is_refused_with_what_to_do() throws Exception {
        try (HttpServer server = serve(own(), Optional.empty())) {
            assertThatThrownBy(() -> push(server))
                    .isInstanceOfSatisfying(
                            FleetException.class, e -> assertThat(e.code()).isEqualTo(409))
                    .hasMessageContaining("flotilla init and flotilla join bring them");
        }
    }

    @Test
    void a_full_disk_is_named_and_with_room_the_push_goes_on() throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory, 80 << 20);
                HttpServer server =
                        serve(Blobs.in(disk.path().resolve("images")), Optional.of(NOBODY))) {
            disk.fill();

            assertThatThrownBy(() -> push(server))
                    .isInstanceOfSatisfying(
                            FleetException.class, e -> assertThat(e.code()).isEqualTo(507))
                    .hasMessageContaining(disk.path().toString());

            disk.makeRoom();
            push(server);
            assertThat(registry.list(registry.layout().images())).hasSize(1);
        }
    }

    @Test
    void a_blob_goes_to_no_one_who_is_no_machine() throws Exception {
        try (HttpServer server = serve(own(), Optional.of(NOBODY));
                HttpCaller caller = caller(server)) {
            assertThat(caller.get("/flotilla/v1/blobs/%064x?bytes=1".formatted(1)).status())
                    .isEqualTo(403);
        }
    }

    @Test
    void a_blob_that_is_larger_than_any_may_be_is_refused_with_the_limit() throws Exception {
        try (HttpServer server = serve(own(), Optional.of(NOBODY));
                HttpCaller caller = caller(server)) {
            String path = "/flotilla/v1/blobs/%064x?bytes=%d".formatted(1, Blob.BYTES_MAX + 1);

            assertThat(caller.call("PUT", path, Map.of(), new byte[0]).text())
                    .contains("at most 17179869184 are taken");
        }
    }
}
