package flotilla.trust.authority;

import java.io.IOException;
import java.net.URI;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a certificate of the authority's says of its owner.
 *
 * @param identity as {@link Profile#identity} wrote it
 * @param keyHash SHA-256 of its key, in hex
 * @param endMillis when it ends, in milliseconds since 1970
 */
public record Certified(URI identity, String keyHash, long endMillis) {
    /** Kind of an alternative name (RFC 5280, 4.2.1.6). */
    private static final int URI_NAME = 6;

    /**
     * What a certificate says; who made it is not looked at.
     *
     * @param pem the certificate first
     * @throws IOException when it can't be read, or names nobody of a cluster
     */
    public static Certified read(String pem) throws IOException {
        return of(Authority.certificate(pem))
                .orElseThrow(() -> new IOException("that certificate names nobody of a cluster"));
    }

    /** Id of the cluster that its owner belongs to. */
    public String cluster() {
        return identity.getAuthority();
    }

    /** Whether it is a certificate of that kind, of any cluster. */
    public boolean is(Profile.Kind kind) {
        return identity.getPath().startsWith("/" + kind.word() + "/");
    }

    /** Empty for a certificate that names nobody of a cluster. */
    public static Optional<Certified> of(X509Certificate certificate) {
        return identity(certificate)
                .map(identity ->
                        new Certified(
                                identity,
                                CertificateRequest.hash(certificate.getPublicKey()),
                                certificate.getNotAfter().toInstant().toEpochMilli()));
    }

    private static Optional<URI> identity(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return (names == null ? List.<List<?>>of() : names)
                    .stream()
                            .filter(name -> name.getFirst().equals(URI_NAME))
                            .map(name -> URI.create(name.get(1).toString()))
                            .filter(name -> "flotilla".equals(name.getScheme()))
                            .findFirst();
        } catch (CertificateParsingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean isFor(String cluster, Profile.Kind kind) {
        return cluster.equals(cluster()) && is(kind);
    }

    /** What an operator may do; empty for who is none. */
    public Optional<Right> right() {
        String[] parts = identity.getPath().split("/", -1);
        return parts.length == 4 && parts[1].equals(Profile.Kind.OPERATOR.word())
                ? Right.ofOperator(parts[2])
                : Optional.empty();
    }

    /** The machine's id, or the operator's name. */
    public String subject() {
        return identity.getPath().substring(identity.getPath().lastIndexOf('/') + 1);
    }
}
