package flotilla.discovery;

import java.util.List;

/** A member of the new cluster, as it registered itself. */
public record Registered(String id, String name, List<String> peerUrls) {
    public Registered {
        peerUrls = List.copyOf(peerUrls);
    }
}
