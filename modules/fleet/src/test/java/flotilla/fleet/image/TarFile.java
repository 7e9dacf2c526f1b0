package flotilla.fleet.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A tar made by hand, so that it may be one that no program would make. */
public final class TarFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    TarFile file(String name, byte[] content) {
        return entry(name, '0', content, content.length);
    }

    TarFile file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param said what its header says of its length
     */
    TarFile entry(String name, char type, byte[] content, long said) {
        return add(header(name, type, said), content);
    }

    /**
     * @param type 1 of a hard one, 2 of a symbolic one
     */
    TarFile link(String name, char type, String target) {
        byte[] header = header(name, type, 0);
        put(header, 157, target);
        return add(header, new byte[0]);
    }

    private static byte[] header(String name, char type, long said) {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 124, "%011o".formatted(said));
        put(header, 148, "        ");
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        return header;
    }

    private TarFile add(byte[] header, byte[] content) {
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        bytes.writeBytes(header);
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
        return this;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    byte[] end() {
        bytes.writeBytes(new byte[1024]);
        return bytes.toByteArray();
    }

    /** As docker save writes an image. */
    public static byte[] image(String name, byte[]... layers) {
        List<String> digests = Arrays.stream(layers).map(TarFile::digest).toList();
        TarFile tar =
                new TarFile()
                        .file(
                                "c.json",
                                "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[%s]}}"
                                        .formatted(quoted(digests, "sha256:", "")));
        for (byte[] layer : layers) {
            tar.file(digest(layer) + "/layer.tar", layer);
        }
        return tar.file(
                        "manifest.json",
                        "[{\"Config\":\"c.json\",\"RepoTags\":[\"%s\"],\"Layers\":[%s]}]"
                                .formatted(name, quoted(digests, "", "/layer.tar")))
                .end();
    }

    private static String quoted(List<String> words, String before, String after) {
        return words.stream()
                .map(word -> "\"" + before + word + after + "\"")
                .collect(Collectors.joining(","));
    }

    static String digest(byte[] content) {
        Sha256 sum = new Sha256();
        sum.add(content, content.length);
        return sum.hex();
    }
}
