package flotilla.fleet.image;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The digest by which blobs are known, as bytes go by. */
final class Sha256 {
    /** Read at once, in bytes. */
    static final int BUFFER_BYTES = 128 * 1024;

    private final MessageDigest digest;

    Sha256() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void add(byte[] bytes, int count) {
        digest.update(bytes, 0, count);
    }

    /** Once. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of all that is left in a stream. Blocks for the disk. */
    static String of(InputStream in) throws IOException {
        Sha256 sum = new Sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            sum.add(buffer, count);
        }
        return sum.hex();
    }
}
