package flotilla.platform.tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The PEM files of one end of a connection, as etcd's flags name them.
 *
 * @param certificate ours, and those between it and the authority
 * @param key the certificate's private key, without a password
 * @param trustedCa authorities whose certificates are believed; none: the system's
 * @param revoked lists of certificates that are believed no more (RFC 5280, 5)
 * @param denied whose certificates are believed no more: URIs that are among their alternative
 *     names, one a line
 */
public record TlsFiles(
        Optional<Path> certificate,
        Optional<Path> key,
        Optional<Path> trustedCa,
        Optional<Path> revoked,
        Optional<Path> denied) {
    public static final TlsFiles NONE =
            new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Where nobody is denied by name. */
    public TlsFiles(
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Path> trustedCa,
            Optional<Path> revoked) {
        this(certificate, key, trustedCa, revoked, Optional.empty());
    }

    /** Whether there is nothing to show who we are. */
    public boolean anonymous() {
        return certificate.isEmpty() && key.isEmpty();
    }

    public TlsFiles withIdentity(Path otherCertificate, Path otherKey) {
        return new TlsFiles(
                Optional.of(otherCertificate), Optional.of(otherKey), trustedCa, revoked, denied);
    }

    public TlsFiles withAuthority(Path file) {
        return new TlsFiles(certificate, key, Optional.of(file), revoked, denied);
    }

    public TlsFiles withDenied(Path file) {
        return new TlsFiles(certificate, key, trustedCa, revoked, Optional.of(file));
    }

    /** The same files elsewhere. */
    public TlsFiles moved(UnaryOperator<Path> where) {
        return new TlsFiles(
                certificate.map(where),
                key.map(where),
                trustedCa.map(where),
                revoked.map(where),
                denied.map(where));
    }

    /** Those there are. */
    public List<Path> all() {
        return Stream.of(certificate, key, trustedCa, revoked, denied)
                .flatMap(Optional::stream)
                .toList();
    }
}
