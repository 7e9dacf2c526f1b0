package flotilla.store.wire;

import flotilla.protocol.Member;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.log.Membership;
import flotilla.store.view.EtcdStateMachine;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The members as the state has them; where the log's engine keeps them itself, as bootstrap settled
 * them, with what each has told of itself since.
 */
record MemberList(Membership membership, EtcdStateMachine machine) {
    List<Member> current() {
        MemberBook book = machine.memberBook();
        if (!book.conf().voters().isEmpty()) {
            return book.members();
        }
        Map<Long, Member> attributes =
                book.members().stream()
                        .collect(Collectors.toMap(Member::getID, Function.identity()));
        return membership.members().stream()
                .sorted(Comparator.comparing(Membership.Peer::id, Long::compareUnsigned))
                .map(peer -> member(peer, attributes))
                .toList();
    }

    /** A member that has not told its name yet has not started: etcd lists it nameless. */
    private static Member member(Membership.Peer peer, Map<Long, Member> attributes) {
        Member.Builder member =
                Member.newBuilder().setID(peer.id()).addAllPeerURLs(peer.peerUrls());
        Member told = attributes.get(peer.id());
        if (told != null) {
            member.setName(told.getName()).addAllClientURLs(told.getClientURLsList());
        }
        return member.build();
    }
}
