package flotilla.store.view;

import flotilla.protocol.Member;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.member.MemberSpace;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.StoreState;
import flotilla.store.log.Membership;
import java.util.Collection;
import java.util.List;

/** The members between the state and the log: what each calls by another name. */
final class MemberRoll {
    private MemberRoll() {}

    /** Those of a new group, with the names they were given when it was founded, as etcd has it. */
    static MemberBook founded(ConfState conf, Collection<Membership.Peer> peers) {
        List<Member> members =
                peers.stream()
                        .map(peer ->
                                Member.newBuilder()
                                        .setID(peer.id())
                                        .setName(peer.name())
                                        .addAllPeerURLs(peer.peerUrls())
                                        .build())
                        .toList();
        return MemberBook.founded(conf, members);
    }

    static List<Membership.Peer> peers(MemberBook book) {
        return book.members().stream()
                .filter(member -> member.getPeerURLsCount() > 0)
                .map(member ->
                        new Membership.Peer(
                                member.getID(),
                                member.getName(),
                                member.getPeerURLsList(),
                                member.getIsLearner()))
                .toList();
    }

    /** Which state a view shows. */
    static SnapshotMark mark(Backend.View view) {
        StoreState state = StoreState.read(view);
        return new SnapshotMark(state.appliedIndex(), state.appliedTerm(), MemberSpace.conf(view));
    }
}
