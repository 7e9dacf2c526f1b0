package flotilla.trust.join;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes a server if it shows the authority of the cluster, known by its public key, and a
 * certificate by that one for the host that was called. Nobody else's word counts, and nothing but
 * the handshake has been said until then.
 */
final class PinnedTrust extends X509ExtendedTrustManager {
    private final Predicate<byte[]> authorities;

    /**
     * @param authorities whether a public key is the authority's
     */
    PinnedTrust(Predicate<byte[]> authorities) {
        this.authorities = authorities;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        X509Certificate authority =
                Arrays.stream(chain)
                        .filter(one -> authorities.test(one.getPublicKey().getEncoded()))
                        .findFirst()
                        .orElseThrow(() ->
                                new CertificateException(
                                        "it is not of this cluster, or somebody stands in between: nothing was told to it"));
        try {
            believing(authority).checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw untimely(chain[0]).orElse(e);
        }
    }

    /** The JDK's words name no clock, and that is what to look at. */
    private static Optional<CertificateException> untimely(X509Certificate shown) {
        try {
            shown.checkValidity();
            return Optional.empty();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return Optional.of(
                    new CertificateException(
                            "its certificate counts from %s to %s, and here it is %s: look at the clocks of both machines"
                                    .formatted(
                                            shown.getNotBefore().toInstant(),
                                            shown.getNotAfter().toInstant(),
                                            Instant.now()),
                            e));
        }
    }

    private static X509ExtendedTrustManager believing(X509Certificate authority)
            throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("authority", authority);
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager trust) {
                    return trust;
                }
            }
            throw new CertificateException("this JDK can't check certificates");
        } catch (GeneralSecurityException | IOException e) {
            throw new CertificateException("can't believe in the authority: " + e.getMessage(), e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("connections here have engines");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("connections here have engines");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
        throw new UnsupportedOperationException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
        throw new UnsupportedOperationException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
        throw new UnsupportedOperationException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
