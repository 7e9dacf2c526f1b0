package flotilla.platform.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Whom a certificate is for (RFC 5280, 4.2.1.6): the common name of old, and the hosts.
 *
 * @param dnsNames in lower case; the first label may be {@code *}
 * @param uris as they are written
 */
record Subject(
        Optional<String> commonName,
        Set<String> dnsNames,
        Set<InetAddress> addresses,
        Set<String> uris) {
    /** Kinds of alternative names, as {@link X509Certificate#getSubjectAlternativeNames} says. */
    private static final int DNS = 2;

    private static final int URI = 6;

    private static final int ADDRESS = 7;

    /** A certificate whose names can't be read is for nobody. */
    static Subject of(X509Certificate certificate) {
        Set<String> dnsNames = new HashSet<>();
        Set<InetAddress> addresses = new HashSet<>();
        Set<String> uris = new HashSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.getFirst().equals(DNS)) {
                    dnsNames.add(name.get(1).toString().toLowerCase(Locale.ROOT));
                } else if (name.getFirst().equals(URI)) {
                    uris.add(name.get(1).toString());
                } else if (name.getFirst().equals(ADDRESS)) {
                    addresses.add(InetAddress.ofLiteral(name.get(1).toString()));
                }
            }
        } catch (CertificateParsingException | IllegalArgumentException unreadable) {
            return new Subject(Optional.empty(), Set.of(), Set.of(), Set.of());
        }
        return new Subject(
                commonName(certificate.getSubjectX500Principal()),
                Set.copyOf(dnsNames),
                Set.copyOf(addresses),
                Set.copyOf(uris));
    }

    private static Optional<String> commonName(X500Principal principal) {
        try {
            return new LdapName(principal.getName(X500Principal.RFC2253))
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    /** Whether it is for a host, by name or address (RFC 6125, 6.4; never by common name). */
    boolean covers(String host) {
        InetAddress address = literal(host);
        return address == null ? coversName(host) : addresses.contains(address);
    }

    boolean coversName(String host) {
        String name = host.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
        int dot = name.indexOf('.');
        return dnsNames.contains(name) || (dot > 0 && dnsNames.contains("*" + name.substring(dot)));
    }

    static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host.replaceFirst("%.*$", ""));
        } catch (IllegalArgumentException name) {
            return null;
        }
    }
}
