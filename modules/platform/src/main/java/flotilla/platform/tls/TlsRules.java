package flotilla.platform.tls;

import java.util.Set;

/**
 * Who may be at the other end.
 *
 * @param asking whether a client shows a certificate that the authorities signed
 * @param commonNames the certificate's common name must be one of them; empty: any may come
 * @param hostnames the certificate must be for one of them; empty: any may come
 * @param remoteAddress a client's certificate that is for certain hosts must be for the one it
 *     comes from (etcd's rule for peers)
 * @param unproved any server is believed: encrypted, but a man in the middle goes unnoticed
 */
public record TlsRules(
        Asking asking,
        Set<String> commonNames,
        Set<String> hostnames,
        boolean remoteAddress,
        boolean unproved) {
    /** Whether a client must show one. */
    public boolean clientCertificate() {
        return asking == Asking.MUST;
    }

    /** A server that lets everybody in; a client that wants the server to be who it called. */
    public static final TlsRules PLAIN = new TlsRules(Asking.NOT, Set.of(), Set.of(), false, false);

    /** A server that wants a certificate of its clients. */
    public static final TlsRules MUTUAL =
            new TlsRules(Asking.MUST, Set.of(), Set.of(), false, false);

    /** A server that lets in who shows none, for it has something to say to strangers too. */
    public static final TlsRules WANTED =
            new TlsRules(Asking.MAY, Set.of(), Set.of(), false, false);

    /** Whether a server asks its clients for certificates. One that is bad is refused by all. */
    public enum Asking {
        NOT,
        MAY,
        MUST
    }

    public TlsRules {
        commonNames = Set.copyOf(commonNames);
        hostnames = Set.copyOf(hostnames);
        if (!commonNames.isEmpty() && !hostnames.isEmpty()) {
            throw new IllegalArgumentException(
                    "AllowedCN and AllowedHostname are mutually exclusive (cn=%s, hostname=%s)"
                            .formatted(commonNames, hostnames));
        }
    }
}
