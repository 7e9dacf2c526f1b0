package flotilla.store.log.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.protocol.Member;
import flotilla.store.log.Introduction;
import flotilla.store.log.Membership.Peer;
import flotilla.store.peer.IntroductionMessage;
import java.util.List;

/** {@link Introduction} as bytes, and back: what etcd's {@code /members} tells, without clients. */
final class Introductions {
    private Introductions() {}

    static byte[] write(Introduction introduction) {
        IntroductionMessage.Builder out =
                IntroductionMessage.newBuilder()
                        .setClusterId(introduction.clusterId())
                        .setLevel(introduction.level());
        for (Peer peer : introduction.members()) {
            out.addMembers(
                    Member.newBuilder()
                            .setID(peer.id())
                            .setName(peer.name())
                            .addAllPeerURLs(peer.peerUrls())
                            .setIsLearner(peer.learner()));
        }
        return out.build().toByteArray();
    }

    static Introduction read(byte[] bytes) throws InvalidProtocolBufferException {
        IntroductionMessage in = IntroductionMessage.parseFrom(bytes);
        List<Peer> members =
                in.getMembersList().stream()
                        .map(member ->
                                new Peer(
                                        member.getID(),
                                        member.getName(),
                                        member.getPeerURLsList(),
                                        member.getIsLearner()))
                        .toList();
        return new Introduction(in.getClusterId(), members, in.getLevel());
    }
}
