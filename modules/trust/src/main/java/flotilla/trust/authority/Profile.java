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
 * @param subject the machine's id, or the operator's name
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

    /** Who that is: a URI that nobody else has, in the certificate's alternative names. */
    public URI identity() {
        return URI.create("flotilla://%s/%s/%s".formatted(cluster, kind.word(), subject));
    }

    /**
     * The common name, by which etcd's rules go: a peer's is the same for all ({@code
     * --peer-cert-allowed-cn}), a machine's and an operator's are their own.
     */
    public String commonName() {
        return kind == Kind.PEER ? "flotilla-peer" : subject;
    }
}
