package flotilla.trust.authority;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/**
 * All that a certificate says but its key. It comes from what the cluster knows, never from a
 * request.
 *
 * @param kind what it is for
 * @param cluster id of the cluster: another one's certificates are strangers here
 * @param subject the machine's id; of an operator what {@link #operator} makes
 * @param hosts names and addresses at which its owner answers
 * @param notBefore begins some minutes early, for clocks differ
 */
public record Profile(
        Kind kind,
        String cluster,
        String subject,
        List<String> hosts,
        Instant notBefore,
        Instant notAfter) {
    public Profile {
        hosts = List.copyOf(hosts);
    }

    /**
     * A host name in every machine's certificate and in no other, by which etcd tells who may be a
     * client ({@code --client-cert-allowed-hostname}): operators' are of the same authority.
     */
    public static final String MACHINE_HOST = "machine.flotilla.internal";

    /** Each has its own, so that one can't pass for another. */
    public enum Kind {
        /** A member of the store, to the other members. Both ends of a connection. */
        PEER("peer", true),
        /** A machine's store and fleet to their clients, and its fleet as a client of the store. */
        MACHINE("machine", true),
        /** A person, or a program of theirs. */
        OPERATOR("operator", false);

        private final String word;
        private final boolean serves;

        Kind(String word, boolean serves) {
            this.word = word;
            this.serves = serves;
        }

        public boolean serves() {
            return serves;
        }

        public String word() {
            return word;
        }
    }

    /**
     * An operator's subject: the right stands in the identity, so that nobody has more by a name.
     *
     * @param name letters, digits, dots, hyphens and underscores
     */
    public static String operator(Right right, String name) {
        return right.word() + "/" + name;
    }

    /** Who that is: a URI that nobody else has, in the certificate's alternative names. */
    public URI identity() {
        return identity(cluster, kind, subject);
    }

    /** As above, of whom no certificate is at hand. */
    public static URI identity(String cluster, Kind kind, String subject) {
        return URI.create("flotilla://%s/%s/%s".formatted(cluster, kind.word(), subject));
    }

    /**
     * The common name, by which etcd's rules go: a peer's is the same for all ({@code
     * --peer-cert-allowed-cn}), a machine's and an operator's are their own.
     */
    public String commonName() {
        return switch (kind) {
            case PEER -> "flotilla-peer";
            case MACHINE -> subject;
            // No name makes an operator a peer.
            case OPERATOR -> "operator " + subject.substring(subject.lastIndexOf('/') + 1);
        };
    }
}
