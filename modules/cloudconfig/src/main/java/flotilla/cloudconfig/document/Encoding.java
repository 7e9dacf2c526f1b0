package flotilla.cloudconfig.document;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** How the content of a file of write_files, or a whole user-data, may be packed. */
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

    /** What all files of a document may have once unpacked. */
    static final int BYTES_MAX = 16 * 1024 * 1024;

    private Encoding() {}

    static boolean isKnown(String encoding) {
        return encoding.isEmpty() || NAMES.contains(encoding);
    }

    static boolean isGzip(byte[] bytes) {
        return bytes.length > 1 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }

    /**
     * @param bytes empty when it can't be unpacked
     * @param tooLarge whether that is for its size alone
     */
    record Unpacked(Optional<byte[]> bytes, boolean tooLarge) {
        private static final Unpacked NOT_SO_ENCODED = new Unpacked(Optional.empty(), false);

        private static Unpacked limited(byte[] bytes, int bytesMax) {
            return bytes.length > bytesMax
                    ? new Unpacked(Optional.empty(), true)
                    : new Unpacked(Optional.of(bytes), false);
        }
    }

    static Unpacked unpack(String encoding, byte[] content, int bytesMax) {
        byte[] packed = content;
        if (isBase64(encoding)) {
            try {
                packed = Base64.getDecoder().decode(without("\\s", content));
            } catch (IllegalArgumentException e) {
                return Unpacked.NOT_SO_ENCODED;
            }
        }
        return encoding.startsWith("gz")
                ? gunzip(packed, bytesMax)
                : Unpacked.limited(packed, bytesMax);
    }

    /** Whether the original could read it: of white space it took line breaks alone. */
    static boolean isOriginals(String encoding, byte[] content) {
        if (!isBase64(encoding)) {
            return isKnown(encoding);
        }
        String text = without("[\\r\\n]", content);
        return isKnown(encoding)
                && text.length() % 4 == 0
                && text.indexOf(' ') < 0
                && text.indexOf('\t') < 0;
    }

    private static boolean isBase64(String encoding) {
        return encoding.endsWith("b64") || encoding.endsWith("base64");
    }

    private static String without(String pattern, byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).replaceAll(pattern, "");
    }

    static Unpacked gunzip(byte[] packed, int bytesMax) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return Unpacked.limited(in.readNBytes(bytesMax + 1), bytesMax);
        } catch (IOException e) {
            return Unpacked.NOT_SO_ENCODED;
        }
    }
}
