package flotilla.trust.token;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the cluster remembers of a machine that was admitted.
 *
 * @param machineId machine-id(5)
 * @param name its host name
 * @param addresses at which it answers
 * @param keyHash SHA-256 of its public key, in hex
 * @param role by the token that it came by
 * @param expiresAtMillis when its newest certificate ends, in milliseconds since 1970
 * @param denied whether it was put out: for good, and its certificates count no more
 */
public record Member(
        String machineId,
        String name,
        List<String> addresses,
        String keyHash,
        Role role,
        long expiresAtMillis,
        boolean denied) {
    public Member {
        addresses = List.copyOf(addresses);
    }

    /** What its certificates are for. */
    public List<String> hosts() {
        return Stream.concat(Stream.of(name), addresses.stream()).toList();
    }

    /** Whether that is its name or its id. */
    public boolean isCalled(String nameOrId) {
        return machineId.equals(nameOrId) || name.equals(nameOrId);
    }

    /** The same with a certificate that ends then, in milliseconds since 1970. */
    public Member until(long endMillis) {
        return new Member(machineId, name, addresses, keyHash, role, endMillis, denied);
    }

    /** The same, put out. */
    public Member putOut() {
        return new Member(machineId, name, addresses, keyHash, role, expiresAtMillis, true);
    }
}
