package flotilla.platform.tls;

import flotilla.platform.tls.PeerCheck.Barred;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes what the authorities signed, and then asks {@link PeerCheck}. What it says when it
 * refuses is for our log: the other side is only told that its certificate is not accepted.
 */
final class CheckedTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager authorities;
    private final PeerCheck check;
    private final boolean unproved;
    private final String trusted;

    private CheckedTrust(
            X509ExtendedTrustManager authorities,
            PeerCheck check,
            boolean unproved,
            String trusted) {
        this.authorities = authorities;
        this.check = check;
        this.unproved = unproved;
        this.trusted = trusted;
    }

    static CheckedTrust of(TlsOptions options, Names names) throws IOException {
        TlsFiles files = options.files();
        PeerCheck check =
                new PeerCheck(
                        options.rules(),
                        new Barred(
                                files.revoked().isPresent()
                                        ? Pem.read(files.revoked().get()).revoked()
                                        : Set.of(),
                                files.denied().isPresent()
                                        ? identities(files.denied().get())
                                        : Set.of()),
                        names);
        return new CheckedTrust(
                authorities(files.trustedCa()),
                check,
                options.rules().unproved(),
                files.trustedCa().map(Path::toString).orElse("this system's authorities"));
    }

    /** A file that is not there is no empty one: who was put out would be let in. */
    static Set<String> identities(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NoSuchFileException e) {
            throw new IOException(
                    file + ", which names who was put out, is not there: an empty one will do", e);
        } catch (UncheckedIOException e) {
            throw new IOException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    static X509ExtendedTrustManager authorities(Optional<Path> file) throws IOException {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(file.isPresent() ? anchors(file.get()) : null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager authorities) {
                    return authorities;
                }
            }
            throw new IllegalStateException("this JDK can't check certificates");
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    file.map(Path::toString).orElse("the system's trust store")
                            + " can't be used as authorities: "
                            + e.getMessage(),
                    e);
        }
    }

    private static KeyStore anchors(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        List<X509Certificate> certificates = Pem.read(file).certificates();
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        return store;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            authorities.checkClientTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw notBelieved(chain, e);
        }
        String remote = engine.getPeerHost();
        refuseIf(check.client(Arrays.asList(chain), remote == null ? "" : remote));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (!unproved) {
            try {
                authorities.checkServerTrusted(chain, authType, engine);
            } catch (CertificateException e) {
                throw notBelieved(chain, e);
            }
        }
        refuseIf(check.server(Arrays.asList(chain)));
    }

    private CertificateException notBelieved(X509Certificate[] chain, CertificateException e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return new CertificateException(
                "the certificate of %s is not believed, by %s: %s"
                        .formatted(
                                chain[0].getSubjectX500Principal(), trusted, deepest.getMessage()),
                e);
    }

    private static void refuseIf(Optional<String> reason) throws CertificateException {
        if (reason.isPresent()) {
            throw new CertificateException(reason.get());
        }
    }

    /** Whom a client may be from; told to clients, so that they choose among their certificates. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("connections here have engines");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("connections here have engines");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("connections here have engines");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("connections here have engines");
    }
}
