package flotilla.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.http.RequestBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What is promised of whatever stands behind {@link ContainerEngine}. */
public abstract class ContainerEngineContract {
    private static final byte[] LAYER = new byte[1024]; // An empty tar.
    private static final byte[] CONFIG =
            ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                            + digest(LAYER)
                            + "\"]}}")
                    .getBytes(StandardCharsets.UTF_8);
    private static final String ID = "sha256:" + digest(CONFIG);

    protected abstract ContainerEngine engine() throws IOException;

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RequestBody archive() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        String layer = digest(LAYER) + "/layer.tar";
        String config = digest(CONFIG) + ".json";
        file(tar, config, CONFIG);
        file(tar, layer, LAYER);
        String manifest =
                "[{\"Config\":\"%s\",\"RepoTags\":[\"contract:1\"],\"Layers\":[\"%s\"]}]"
                        .formatted(config, layer);
        file(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
        tar.writeBytes(new byte[1024]);
        return RequestBody.of(tar.toByteArray());
    }

    private static void file(ByteArrayOutputStream tar, String name, byte[] content) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "00000000000");
        put(header, 148, "        0");
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        tar.writeBytes(header);
        tar.writeBytes(content);
        tar.writeBytes(new byte[(512 - content.length % 512) % 512]);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    @Test
    void an_image_is_there_by_its_id_once_it_is_loaded() throws IOException {
        ContainerEngine engine = engine();
        assertThat(engine.has(ID)).isFalse();

        engine.load(archive());
        engine.load(archive());

        assertThat(engine.has(ID)).isTrue();
        engine.name(ID, "contract:2");
        engine.name(ID, "contract:2");
    }

    @Test
    void what_is_no_image_is_refused_in_words() throws IOException {
        ContainerEngine engine = engine();

        assertThatThrownBy(() -> engine.load(RequestBody.of(new byte[1024])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses loading an image");
        assertThatThrownBy(() -> engine.name("sha256:" + "0".repeat(64), "none:1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses naming an image none:1");
    }
}
