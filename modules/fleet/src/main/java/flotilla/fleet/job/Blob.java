package flotilla.fleet.job;

import java.util.regex.Pattern;

/**
 * Bytes that are known by what they are.
 *
 * @param digest SHA-256, 64 lower-case hexadecimal digits
 */
public record Blob(String digest, long bytes) {
    /** The largest one, a layer: 16 GiB. */
    public static final long BYTES_MAX = 16L << 30;

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public Blob {
        if (!isDigest(digest)) {
            throw new IllegalArgumentException("\"" + digest + "\" is no SHA-256");
        }
        if (bytes < 0 || bytes > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a blob of %d bytes: at most %d are taken".formatted(bytes, BYTES_MAX));
        }
    }

    public static boolean isDigest(String text) {
        return DIGEST.matcher(text).matches();
    }

    /** As container engines write it. */
    public String id() {
        return "sha256:" + digest;
    }

    /** The first digits, for people. */
    public String label() {
        return digest.substring(0, 12);
    }
}
