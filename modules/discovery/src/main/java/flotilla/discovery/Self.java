package flotilla.discovery;

import java.util.List;

/**
 * The machine that wants to join.
 *
 * @param id its member id, 16 hex digits
 * @param name its member name, without {@code =} and {@code ,}
 * @param peerUrls where the others reach it; at least one
 */
public record Self(String id, String name, List<String> peerUrls) {
    public Self {
        peerUrls = List.copyOf(peerUrls);
        if (!id.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("member id \"" + id + "\" is not 16 hex digits");
        }
        if (name.isEmpty() || name.contains("=") || name.contains(",") || peerUrls.isEmpty()) {
            throw new IllegalArgumentException(
                    "member \"" + name + "\" needs a name without = and , and a peer URL");
        }
    }
}
