package flotilla.fleet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.registry.Layout;
import flotilla.fleet.registry.Registry;
import flotilla.machine.FakeEngine;
import flotilla.platform.Clock;
import flotilla.platform.http.Peers;
import flotilla.proof.OriginalEtcd;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine beside one that has an image, on the original etcd. */
class ImagesTest {
    private static final byte[] LAYER = "bytes of a layer".getBytes(StandardCharsets.UTF_8);
    private static final Progress SILENT = words -> {};

    @TempDir private Path directory;
    private final FakeEngine engine = new FakeEngine();
    private OriginalEtcd etcd;
    private EtcdClient store;
    private Registry registry;
    private Holder holder;
    private Image image;

    @BeforeEach
    void a_holder() throws Exception {
        etcd = OriginalEtcd.start(directory);
        store = EtcdClient.connect(ClientConfig.of(List.of(etcd.endpoint())));
        registry = new Registry(store, new Layout(Layout.DEFAULT_PREFIX), Clock.system());
        Path tar = Files.write(directory.resolve("app.tar"), TarFile.image("app:1", LAYER));
        Blobs theirs = Blobs.in(directory.resolve("theirs"));
        try (ImageArchive archive = ImageArchive.open(tar, Optional.empty())) {
            image = archive.image();
            for (Blob blob : image.blobs()) {
                var _ = theirs.append(blob, 0, archive.read(blob, 0, 4096));
            }
        }
        holder = new Holder("m2", theirs);
        registry.txn()
                .then(registry.put(new Entry.OfMachine(holder.machine)))
                .then(registry.put(new Entry.OfHolding("m2", Set.of(image.config().digest()))))
                .then(registry.put(new Entry.OfImage(image)))
                .commit();
    }

    @AfterEach
    void none() throws InterruptedException {
        holder.close();
        store.close();
        etcd.close();
    }

    private Images images(Optional<Peers> peers) {
        return new Images(
                registry, new Images.Site(Blobs.in(directory.resolve("own")), engine, peers, "m1"));
    }

    @Test
    void the_engine_has_an_image_once_it_is_supplied_and_is_given_it_once() throws Exception {
        Images images = images(Optional.of(Holder.peers()));

        images.supply(image, SILENT);
        int asked = holder.asked.size();
        images.supply(image, SILENT);

        assertThat(engine.named("app:1")).contains(image.config().id());
        assertThat(holder.asked).hasSize(asked);
    }

    @Test
    void a_blob_that_the_disk_damaged_is_got_anew_before_the_engine_is_given_it() throws Exception {
        Images images = images(Optional.of(Holder.peers()));
        images.fetch(image, Optional.empty(), SILENT);
        Path layer = directory.resolve("own/blobs").resolve(TarFile.digest(LAYER));
        Files.write(layer, new byte[LAYER.length]);

        images.supply(image, SILENT);

        assertThat(layer).hasBinaryContent(LAYER);
        assertThat(engine.has(image.config().id())).isTrue();
    }

    @Test
    void without_certificates_nothing_comes_and_what_brings_them_is_said() {
        assertThatThrownBy(() -> images(Optional.empty()).supply(image, SILENT))
                .hasMessageContaining("this machine has none")
                .hasMessageContaining("flotilla init and flotilla join bring them");
    }

    @Test
    void an_image_that_nobody_has_is_said_to_be_so() {
        registry.txn().then(registry.put(new Entry.OfHolding("m2", Set.of()))).commit();

        assertThatThrownBy(() -> images(Optional.of(Holder.peers())).supply(image, SILENT))
                .hasMessage("image app:1: no machine that is there has it");
    }

    @Test
    void layers_that_are_not_those_of_the_config_are_refused() throws Exception {
        Images images = images(Optional.of(Holder.peers()));
        images.fetch(image, Optional.empty(), SILENT);
        images.requireFits(image);
        Image other = new Image(image.name(), image.config(), List.of(image.config()));

        assertThatThrownBy(() -> images.requireFits(other))
                .isInstanceOf(BadArchiveException.class)
                .hasMessageContaining("are not those that its config names");
    }
}
