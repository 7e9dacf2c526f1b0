package flotilla.platform.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether one whose certificate is believed may come: etcd's checks, by {@link TlsRules}. Pure but
 * for the name service, which is asked for a client that must come from the host its certificate is
 * for.
 */
final class PeerCheck {
    private final TlsRules rules;
    private final Barred barred;
    private final Names names;

    /**
     * Who is believed no more.
     *
     * @param serials numbers of certificates, whoever issued them (as etcd's)
     * @param identities URIs among a certificate's alternative names
     */
    record Barred(Set<BigInteger> serials, Set<String> identities) {
        static final Barred NOBODY = new Barred(Set.of(), Set.of());

        Barred {
            serials = Set.copyOf(serials);
            identities = Set.copyOf(identities);
        }
    }

    PeerCheck(TlsRules rules, Barred barred, Names names) {
        this.rules = rules;
        this.barred = barred;
        this.names = names;
    }

    /** Why a client may not come; empty: it may. Blocks where the name service must be asked. */
    Optional<String> client(List<X509Certificate> chain, String remote) {
        return server(chain).or(() -> rules.remoteAddress() ? fromElsewhere(chain, remote) : no());
    }

    /** Why a server is not spoken to; empty: it is. */
    Optional<String> server(List<X509Certificate> chain) {
        for (X509Certificate certificate : chain) {
            if (barred.serials().contains(certificate.getSerialNumber())) {
                return Optional.of(
                        "certificate serial %x is revoked"
                                .formatted(certificate.getSerialNumber()));
            }
        }
        Subject subject = Subject.of(chain.getFirst());
        for (String identity : subject.uris()) {
            if (barred.identities().contains(identity)) {
                return Optional.of(identity + " was put out");
            }
        }
        if (!rules.commonNames().isEmpty()
                && !subject.commonName().map(rules.commonNames()::contains).orElse(false)) {
            return Optional.of(
                    "common name %s is not allowed, %s is"
                            .formatted(subject.commonName().orElse("(none)"), rules.commonNames()));
        }
        if (!rules.hostnames().isEmpty() && rules.hostnames().stream().noneMatch(subject::covers)) {
            return Optional.of(
                    "a certificate for %s %s is not allowed, one for %s is"
                            .formatted(subject.dnsNames(), subject.addresses(), rules.hostnames()));
        }
        return no();
    }

    private static Optional<String> no() {
        return Optional.empty();
    }

    /** A certificate without hosts may come from anywhere (etcd's {@code checkCertSAN}). */
    private Optional<String> fromElsewhere(List<X509Certificate> chain, String remote) {
        Subject subject = Subject.of(chain.getFirst());
        if (subject.addresses().isEmpty() && subject.dnsNames().isEmpty()) {
            return no();
        }
        InetAddress address = Subject.literal(remote);
        boolean there =
                address != null
                        && (subject.addresses().contains(address)
                                || names.of(address).stream().anyMatch(subject::coversName)
                                || subject.dnsNames().stream()
                                        .filter(name -> !name.startsWith("*"))
                                        .anyMatch(name -> names.addresses(name).contains(address)));
        return there
                ? no()
                : Optional.of(
                        "it comes from %s, but its certificate is for %s %s"
                                .formatted(remote, subject.dnsNames(), subject.addresses()));
    }
}
