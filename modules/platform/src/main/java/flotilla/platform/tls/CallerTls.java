package flotilla.platform.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** TLS for who calls by the JDK's own sockets: a command that asks once, and ends. */
public final class CallerTls {
    private CallerTls() {}

    /**
     * Of the files as they are now. Whom to trust stands in them, or is this system's matter; who
     * is called must prove to be the host that was called.
     *
     * @throws IOException naming the file that can't be used, and what to do
     */
    public static SSLContext of(TlsFiles files) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys(files),
                    new TrustManager[] {CheckedTrust.authorities(files.trustedCa())},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "TLS with the files %s: %s".formatted(files.all(), e.getMessage()), e);
        }
    }

    private static KeyManager[] keys(TlsFiles files) throws IOException, GeneralSecurityException {
        if (files.anonymous()) {
            return new KeyManager[0];
        }
        if (files.certificate().isEmpty() || files.key().isEmpty()) {
            throw new IOException("a certificate and its key go together: name the other file too");
        }
        Path certificate = files.certificate().get();
        Identity identity = Identity.read(certificate, files.key().get(), Instant.now());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry(
                "own", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }
}
