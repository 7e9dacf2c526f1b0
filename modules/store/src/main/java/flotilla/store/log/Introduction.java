package flotilla.store.log;

import java.util.List;

/**
 * What a member tells one that is to join its group and has no identity in it yet.
 *
 * @param clusterId etcd's cluster id (unsigned)
 * @param members as the teller's state has them
 * @param level the cluster's feature level, as of that state
 */
public record Introduction(long clusterId, List<Membership.Peer> members, int level) {
    public Introduction {
        members = List.copyOf(members);
    }
}
