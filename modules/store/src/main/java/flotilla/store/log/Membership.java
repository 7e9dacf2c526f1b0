package flotilla.store.log;

import java.util.List;

/**
 * Who takes part: the cluster's identity and its members, as bootstrap settled them.
 *
 * @param clusterId etcd's cluster id (unsigned)
 * @param self this member's id (unsigned)
 * @param members all of them, this one among them; of a group that is joined, as it was told then
 * @param joins whether the group was there before this member, which then has its whole state, and
 *     in it who takes part, from the leader
 */
public record Membership(long clusterId, long self, List<Peer> members, boolean joins) {
    /**
     * @param peerUrls where other members reach it, such as {@code http://10.0.0.5:7001}; never
     *     empty
     * @param learner whether it gets the log and decides nothing
     */
    public record Peer(long id, String name, List<String> peerUrls, boolean learner) {
        public Peer {
            peerUrls = List.copyOf(peerUrls);
            if (peerUrls.isEmpty()) {
                throw new IllegalArgumentException("member " + name + " has no peer URL");
            }
        }

        /** A voter, as all are that bootstrap names. */
        public Peer(long id, String name, List<String> peerUrls) {
            this(id, name, peerUrls, false);
        }
    }

    /** Of a group that this member founds, with the others. */
    public Membership(long clusterId, long self, List<Peer> members) {
        this(clusterId, self, members, false);
    }

    public Membership {
        members = List.copyOf(members);
        long own = self;
        if (members.stream().noneMatch(peer -> peer.id() == own)) {
            throw new IllegalArgumentException(
                    "member " + Long.toHexString(self) + " is not one of the cluster's members");
        }
    }
}
