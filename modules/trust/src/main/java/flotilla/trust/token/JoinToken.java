package flotilla.trust.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What a machine is handed to join a cluster: whom to trust, and why to be trusted. As text {@code
 * flt1.PIN.ID.SECRET}: lower-case letters and digits between the dots (RFC 4648's base32).
 *
 * @param pin SHA-256 of the authority's public key (SubjectPublicKeyInfo, as in RFC 7469): of the
 *     key and not of a certificate, so that the authority may be given a new certificate
 * @param id what the cluster knows the token by; no secret
 * @param secret 16 random bytes, of which the cluster keeps a hash
 */
public record JoinToken(String pin, String id, String secret) {
    private static final String VERSION = "flt1";
    private static final int PIN_BYTES = 32;
    private static final int ID_BYTES = 5;
    private static final int SECRET_BYTES = 16;

    /** Random bytes that a token takes. */
    public static final int RANDOM_BYTES = ID_BYTES + SECRET_BYTES;

    public JoinToken {
        require("second", pin, PIN_BYTES);
        require("third", id, ID_BYTES);
        require("last", secret, SECRET_BYTES);
    }

    private static void require(String which, String text, int length) {
        if (Base32.decode(text, length).isEmpty()) {
            throw new IllegalArgumentException(
                    "the %s part of this join token is damaged (%d characters, %d belong there): copy it again"
                            .formatted(
                                    which,
                                    text.length(),
                                    Base32.encode(new byte[length]).length()));
        }
    }

    /**
     * @param authority the authority's public key, as its certificate has it
     * @param random {@link #RANDOM_BYTES} that nobody can guess
     */
    public static JoinToken of(byte[] authority, byte[] random) {
        return new JoinToken(
                pin(authority),
                Base32.encode(Arrays.copyOf(random, ID_BYTES)),
                Base32.encode(Arrays.copyOfRange(random, ID_BYTES, RANDOM_BYTES)));
    }

    /**
     * @param text as {@link #text} wrote it; blanks around it and capitals are forgiven
     * @throws IllegalArgumentException what is wrong with it; never with the secret in it
     */
    public static JoinToken parse(String text) {
        String[] parts = text.strip().toLowerCase(Locale.ROOT).split("\\.", -1);
        if (!parts[0].equals(VERSION)) {
            throw new IllegalArgumentException(
                    "this is no join token: one begins with '%s.' (flotilla token create makes one)"
                            .formatted(VERSION));
        }
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "this join token has %d parts between dots instead of 4: copy it again, it is one line"
                            .formatted(parts.length));
        }
        return new JoinToken(parts[1], parts[2], parts[3]);
    }

    /** The token itself, to be handed over where nobody listens; for no log and no argument. */
    public String text() {
        return String.join(".", VERSION, pin, id, secret);
    }

    /** What the cluster keeps of the secret: in hex. It is random, so no salt is needed. */
    public String secretHash() {
        return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Whether its secret has that hash; takes as long whatever the answer is. */
    public boolean hasHash(String hash) {
        return MessageDigest.isEqual(
                secretHash().getBytes(StandardCharsets.US_ASCII),
                hash.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether that is the public key of the authority which it names. */
    public boolean names(byte[] authority) {
        return pin(authority).equals(pin);
    }

    private static String pin(byte[] publicKey) {
        return Base32.encode(sha256(publicKey));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Without the secret: it is for no log. */
    @Override
    public String toString() {
        return "JoinToken[" + id + "]";
    }
}
