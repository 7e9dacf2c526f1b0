package flotilla.client.members;

import java.util.List;

/**
 * How a store's members know one of them.
 *
 * @param peerUrls sorted
 */
public record MemberIdentity(String name, List<String> peerUrls) {
    public MemberIdentity {
        peerUrls = List.copyOf(peerUrls);
    }
}
