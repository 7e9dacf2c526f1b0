package flotilla.trust.authority;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.util.HexFormat;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A request for a certificate, of which only the key counts: whoever asks has shown that it is
 * theirs. Names, usages and extensions in it are not read.
 */
public record CertificateRequest(PublicKey key) {
    /** One of ours has 400 characters. */
    public static final int TEXT_MAX = 4_096;

    private static final int KEY_BITS = 256;

    /**
     * @param text PKCS#10, in PEM
     * @throws IOException why it can't be used
     */
    public static CertificateRequest parse(String text) throws IOException {
        if (text.length() > TEXT_MAX) {
            throw new IOException(
                    "a certificate request has at most %d characters".formatted(TEXT_MAX));
        }
        try {
            JcaPKCS10CertificationRequest request =
                    new JcaPKCS10CertificationRequest(Keys.unwrap("CERTIFICATE REQUEST", text));
            PublicKey key = request.getPublicKey();
            if (!(key instanceof ECPublicKey ec)
                    || ec.getParams().getOrder().bitLength() != KEY_BITS) {
                throw new IOException("the key in a certificate request must be EC P-256");
            }
            ContentVerifierProvider verifier = new JcaContentVerifierProviderBuilder().build(key);
            if (!request.isSignatureValid(verifier)) {
                throw new IOException("this certificate request is not signed by the key in it");
            }
            return new CertificateRequest(key);
        } catch (GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            throw new IOException("this certificate request can't be read: " + e.getMessage(), e);
        }
    }

    /** SHA-256 of the key, in hex. */
    public String keyHash() {
        return hash(key);
    }

    static String hash(PublicKey key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
