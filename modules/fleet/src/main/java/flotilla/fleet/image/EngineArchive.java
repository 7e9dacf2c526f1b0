package flotilla.fleet.image;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.platform.http.RequestBody;
import flotilla.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** An image's blobs as the tar that {@code docker load} takes, made as it is sent. */
final class EngineArchive implements RequestBody {
    private final Blobs blobs;
    private final Image image;
    private final byte[] manifest;

    EngineArchive(Blobs blobs, Image image) {
        this.blobs = blobs;
        this.image = image;
        this.manifest =
                Json.write(
                                List.of(
                                        Map.of(
                                                "Config",
                                                config(image),
                                                "RepoTags",
                                                List.of(image.name().full()),
                                                "Layers",
                                                image.layers().stream()
                                                        .map(EngineArchive::layer)
                                                        .toList())))
                        .getBytes(StandardCharsets.UTF_8);
    }

    private static String config(Image image) {
        return image.config().digest() + ".json";
    }

    private static String layer(Blob layer) {
        return layer.digest() + "/layer.tar";
    }

    private String name(Blob blob) {
        return blob.equals(image.config()) ? config(image) : layer(blob);
    }

    @Override
    public long bytes() {
        return image.blobs().stream().mapToLong(blob -> entry(blob.bytes())).sum()
                + entry(manifest.length)
                + 2L * Tar.BLOCK_BYTES;
    }

    private static long entry(long bytes) {
        return Tar.BLOCK_BYTES + bytes + padding(bytes);
    }

    private static long padding(long bytes) {
        return (Tar.BLOCK_BYTES - bytes % Tar.BLOCK_BYTES) % Tar.BLOCK_BYTES;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (Blob blob : image.blobs()) {
            out.write(header(name(blob), blob.bytes()));
            try (InputStream in = blobs.open(blob, 0)) {
                in.transferTo(out);
            }
            out.write(new byte[Math.toIntExact(padding(blob.bytes()))]);
        }
        out.write(header("manifest.json", manifest.length));
        out.write(manifest);
        out.write(new byte[Math.toIntExact(padding(manifest.length))]);
        out.write(new byte[2 * Tar.BLOCK_BYTES]);
    }

    /** ustar's; sizes above 8 GiB as GNU writes them. */
    private static byte[] header(String name, long bytes) {
        byte[] header = new byte[Tar.BLOCK_BYTES];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        if (bytes < 1L << 33) {
            put(header, 124, "%011o".formatted(bytes));
        } else {
            header[124] = (byte) 0x80;
            for (int i = 0; i < Long.BYTES; i++) {
                header[135 - i] = (byte) (bytes >> (8 * i));
            }
        }
        put(header, 136, "00000000000");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar");
        put(header, 263, "00");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, "%06o".formatted(sum));
        header[154] = 0;
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
