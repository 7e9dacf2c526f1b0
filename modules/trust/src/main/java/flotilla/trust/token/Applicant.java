package flotilla.trust.token;

import java.util.List;

/**
 * A machine that wants to join.
 *
 * @param machineId machine-id(5): 32 lower-case hex digits
 * @param name its host name
 * @param addresses at which it says that it answers; IPv4 or IPv6, as {@link
 *     java.net.InetAddress#getHostAddress} writes it
 * @param keyHash SHA-256 of its public key, in hex: the same when it asks once more
 */
public record Applicant(String machineId, String name, List<String> addresses, String keyHash) {
    public Applicant {
        addresses = List.copyOf(addresses);
    }
}
