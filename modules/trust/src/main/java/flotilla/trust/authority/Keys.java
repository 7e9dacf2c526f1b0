package flotilla.trust.authority;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/** Keys and their text (RFC 7468): EC P-256 throughout, which every TLS library has. */
final class Keys {
    static final String SIGNATURE = "SHA256withECDSA";

    static final String CURVE = "secp256r1";

    private Keys() {}

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has EC keys of P-256", e);
        }
    }

    static String pem(String kind, byte[] contents) {
        StringWriter text = new StringWriter();
        try (PemWriter pem = new PemWriter(text)) {
            pem.writeObject(new PemObject(kind, contents));
        } catch (IOException e) {
            throw new IllegalStateException("a string takes all that is written", e);
        }
        return text.toString();
    }

    /**
     * @throws IOException when there is no such block
     */
    static byte[] unwrap(String kind, String text) throws IOException {
        try (PemReader reader = new PemReader(new StringReader(text))) {
            PemObject found = reader.readPemObject();
            if (found == null || !found.getType().equals(kind)) {
                throw new IOException("there is no -----BEGIN " + kind + "-----");
            }
            return found.getContent();
        } catch (IllegalArgumentException e) {
            throw new IOException("the text after -----BEGIN " + kind + "----- is damaged", e);
        }
    }
}
