package flotilla.cloudconfig.document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** How the content of a file of write_files may be packed. */
final class Encoding {
    static final List<String> NAMES =
            List.of(
                    "b64",
                    "base64",
                    "gz",
                    "gzip",
                    "gz+b64",
                    "gz+base64",
                    "gzip+b64",
                    "gzip+base64");

    /** A gzip that unpacks to more is refused. */
    private static final int BYTES_MAX = 16 * 1024 * 1024;

    private Encoding() {}

    static boolean isKnown(String encoding) {
        return encoding.isEmpty() || NAMES.contains(encoding);
    }

    /** Empty when the content is not so encoded. */
    static Optional<byte[]> decode(String encoding, String content) {
        boolean base64 = encoding.contains("b64") || encoding.contains("base64");
        Optional<byte[]> bytes =
                base64 ? base64(content) : Optional.of(content.getBytes(StandardCharsets.UTF_8));
        return encoding.startsWith("gz") ? bytes.flatMap(Encoding::gunzip) : bytes;
    }

    private static Optional<byte[]> base64(String content) {
        try {
            return Optional.of(Base64.getDecoder().decode(content.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> gunzip(byte[] packed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            return bytes.length > BYTES_MAX ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
