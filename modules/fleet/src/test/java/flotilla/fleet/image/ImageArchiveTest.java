package flotilla.fleet.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.ImageName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken for an image, and in which words the rest is refused. */
class ImageArchiveTest {
    private static final byte[] LAYER = "a layer".getBytes(StandardCharsets.UTF_8);
    private static final String CONFIG = config(LAYER);

    @TempDir private Path folder;

    private static String config(byte[]... layers) {
        List<String> ids =
                Arrays.stream(layers)
                        .map(layer -> "\"sha256:" + TarFile.digest(layer) + "\"")
                        .toList();
        return "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + String.join(",", ids) + "]}}";
    }

    private static String manifest(String tags) {
        return "[{\"Config\":\"c.json\",\"RepoTags\":" + tags + ",\"Layers\":[\"l/layer.tar\"]}]";
    }

    private static TarFile image(String tags) {
        return new TarFile()
                .file("c.json", CONFIG)
                .file("l/layer.tar", LAYER)
                .file("manifest.json", manifest(tags));
    }

    private ImageArchive open(byte[] tar, Optional<ImageName> name)
            throws IOException, BadArchiveException {
        return ImageArchive.open(Files.write(folder.resolve("i.tar"), tar), name);
    }

    @Test
    void an_image_is_its_config_and_its_layers_by_their_digests() throws Exception {
        try (ImageArchive archive = open(image("[\"app:1\"]").end(), Optional.empty())) {
            Blob layer = new Blob(TarFile.digest(LAYER), LAYER.length);
            assertThat(archive.image().name().full()).isEqualTo("app:1");
            assertThat(archive.image().layers()).containsExactly(layer);
            assertThat(archive.read(layer, 2, 100)).asString().isEqualTo("layer");
        }
    }

    @Test
    void a_name_that_is_given_counts_more_than_the_archives() throws Exception {
        Optional<ImageName> name = ImageName.read("other");
        try (ImageArchive archive = open(image("[\"app:1\"]").end(), name)) {
            assertThat(archive.image().name().full()).isEqualTo("other:latest");
        }
    }

    /** What goes to the engine is an archive again. */
    @Test
    void what_the_engine_is_given_is_the_same_image() throws Exception {
        Blobs blobs = Blobs.in(folder.resolve("images"));
        try (ImageArchive archive = open(image("[\"app:1\"]").end(), Optional.empty())) {
            for (Blob blob : archive.image().blobs()) {
                var _ = blobs.append(blob, 0, archive.read(blob, 0, 1000));
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            EngineArchive made = new EngineArchive(blobs, archive.image());
            made.writeTo(out);

            assertThat(out.size()).isEqualTo(made.bytes());
            try (ImageArchive again = open(out.toByteArray(), Optional.empty())) {
                assertThat(again.image()).isEqualTo(archive.image());
            }
        }
    }

    /** As Docker saves an image in which a layer is laid over itself. */
    @ParameterizedTest
    @CsvSource({"2, ../l/layer.tar", "2, .././l//layer.tar", "1, l/layer.tar", "1, ./l/layer.tar"})
    void a_link_to_a_layer_of_the_archive_is_that_layer(char type, String target) throws Exception {
        byte[] tar =
                new TarFile()
                        .file("c.json", config(LAYER, LAYER))
                        .link("a/layer.tar", type, target)
                        .file("l/layer.tar", LAYER)
                        .file(
                                "manifest.json",
                                manifest("[\"a:1\"]").replace("]}", ",\"a/layer.tar\"]}"))
                        .end();

        try (ImageArchive archive = open(tar, Optional.empty())) {
            assertThat(archive.image().layers())
                    .hasSize(2)
                    .containsOnly(new Blob(TarFile.digest(LAYER), LAYER.length));
        }
    }

    private static byte[] linked(String name, char type, String target) {
        return image("[\"a:1\"]").link(name, type, target).end();
    }

    static Stream<Arguments> hostile() {
        byte[] none = new byte[0];
        String huge = "x".repeat(2 << 20);
        return Stream.of(
                Arguments.of("no manifest.json", new TarFile().end()),
                Arguments.of("it is no tar (a compressed", new byte[] {31, -117, 8, 1}),
                Arguments.of("absolute names", image("[\"a:1\"]").file("/etc/passwd", "x").end()),
                Arguments.of("absolute names", image("[\"a:1\"]").file("a/../../b", "x").end()),
                Arguments.of("a link to , which is no file", linked("l2", '2', "")),
                Arguments.of("x/l is a link to ../../../etc", linked("x/l", '2', "../../../etc")),
                Arguments.of("is a link to /etc/passwd, out", linked("l2", '2', "/etc/passwd")),
                Arguments.of("is a link to ../c.json, out", linked("x/l", '1', "../c.json")),
                Arguments.of("a link to other, which is no file", linked("l1", '1', "other")),
                Arguments.of("a link to l, which is no file", linked("l", '2', "l")),
                Arguments.of("a device", image("[\"a:1\"]").entry("null", '3', none, 0).end()),
                Arguments.of("a sparse file", image("[\"a:1\"]").entry("s", 'S', none, 0).end()),
                Arguments.of("it is cut off", new TarFile().entry("a", '0', none, 9L << 30).end()),
                Arguments.of("no manifest.json", new TarFile().file("a", "b").end()),
                Arguments.of("2 images are in it", two()),
                Arguments.of("it has no name", image("null").end()),
                Arguments.of("several names, a:1, b:1", image("[\"a:1\",\"b:1\"]").end()),
                Arguments.of("is no name", image("[\"A B\"]").end()),
                Arguments.of(
                        "which is not in it",
                        new TarFile()
                                .file("c.json", CONFIG)
                                .file("manifest.json", manifest("[\"a:1\"]"))
                                .end()),
                Arguments.of(
                        "damaged, or compressed",
                        new TarFile()
                                .file("c.json", CONFIG)
                                .file("l/layer.tar", "another layer")
                                .file("manifest.json", manifest("[\"a:1\"]"))
                                .end()),
                Arguments.of(
                        "its config tells of 2",
                        new TarFile()
                                .file("c.json", config(LAYER, LAYER))
                                .file("l/layer.tar", LAYER)
                                .file("manifest.json", manifest("[\"a:1\"]"))
                                .end()),
                Arguments.of(
                        "its config has 2097152 bytes",
                        new TarFile()
                                .file("c.json", huge)
                                .file("l/layer.tar", LAYER)
                                .file("manifest.json", manifest("[\"a:1\"]"))
                                .end()),
                Arguments.of("manifest.json has", new TarFile().file("manifest.json", huge).end()),
                Arguments.of("more than 10000 entries", many()));
    }

    private static byte[] two() {
        String one = manifest("[\"a:1\"]");
        String both = one.replace("]}]", "]}," + one.substring(1));
        return new TarFile().file("manifest.json", both).end();
    }

    private static byte[] many() {
        TarFile tar = new TarFile();
        for (int i = 0; i <= Tar.ENTRIES_MAX; i++) {
            tar.file("a" + i, "");
        }
        return tar.end();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void what_is_no_image_is_refused_with_what_is_wrong(String words, byte[] tar) {
        byte[] padded = Arrays.copyOf(tar, Math.max(tar.length, 1024));

        assertThatThrownBy(() -> open(padded, Optional.empty()))
                .isInstanceOf(BadArchiveException.class)
                .hasMessageContaining(words);
    }
}
