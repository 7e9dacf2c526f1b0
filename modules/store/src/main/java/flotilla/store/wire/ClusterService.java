package flotilla.store.wire;

import com.google.protobuf.Message;
import flotilla.protocol.ClusterGrpc;
import flotilla.protocol.Member;
import flotilla.protocol.MemberAddRequest;
import flotilla.protocol.MemberAddResponse;
import flotilla.protocol.MemberListRequest;
import flotilla.protocol.MemberListResponse;
import flotilla.protocol.MemberPromoteRequest;
import flotilla.protocol.MemberPromoteResponse;
import flotilla.protocol.MemberRemoveRequest;
import flotilla.protocol.MemberRemoveResponse;
import flotilla.protocol.MemberUpdateRequest;
import flotilla.protocol.MemberUpdateResponse;
import flotilla.protocol.ResponseHeader;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.boot.MemberIds;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Who the members are, and how they come and go. Headers carry revision 0, as etcd's do. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Identity identity;
    private final EtcdStateMachine machine;
    private final Reads reads;
    private final ReplicatedLog log;

    ClusterService(Parts parts) {
        this.identity = parts.identity();
        this.machine = parts.machine();
        this.reads = parts.reads();
        this.log = parts.proposals().log();
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> observer) {
        Reply.with(
                observer,
                request.getLinearizable()
                        ? reads.linearizable(Reads.Extent.ONE_KEY, this::list)
                        : reads.serializable(Reads.Extent.ONE_KEY, this::list));
    }

    private MemberListResponse list() {
        return MemberListResponse.newBuilder()
                .setHeader(identity.header(0))
                .addAllMembers(machine.memberBook().members())
                .build();
    }

    /** The id holds the second in which it is made: who was removed may come back as another. */
    @Override
    public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> observer) {
        Reply.with(
                observer,
                () -> {
                    List<String> urls = checked(request.getPeerURLsList());
                    Member member =
                            Member.newBuilder()
                                    .setID(MemberIds.joining(urls, Instant.now()))
                                    .addAllPeerURLs(urls)
                                    .build();
                    return change(
                            request.getIsLearner()
                                    ? new Wish.AddLearner(member)
                                    : new Wish.AddVoter(member),
                            MemberAddResponse.class,
                            answer -> answer.toBuilder().setHeader(header()).build());
                });
    }

    @Override
    public void memberRemove(
            MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> observer) {
        Reply.with(
                observer,
                () ->
                        change(
                                new Wish.Remove(request.getID()),
                                MemberRemoveResponse.class,
                                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    @Override
    public void memberUpdate(
            MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> observer) {
        Reply.with(
                observer,
                () ->
                        change(
                                new Wish.Update(
                                        request.getID(), checked(request.getPeerURLsList())),
                                MemberUpdateResponse.class,
                                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    @Override
    public void memberPromote(
            MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> observer) {
        Reply.with(
                observer,
                () ->
                        change(
                                new Wish.Promote(request.getID()),
                                MemberPromoteResponse.class,
                                answer -> answer.toBuilder().setHeader(header()).build()));
    }

    private ResponseHeader header() {
        return identity.header(0);
    }

    private <T extends Message> CompletableFuture<T> change(
            Wish wish, Class<T> response, Function<T, T> withHeader) {
        return log.changeMembers(wish).thenApply(Reply.done(response)).thenApply(withHeader);
    }

    /** Sorted, as the ids are made of them. */
    private static List<String> checked(List<String> urls) {
        if (urls.isEmpty() || !urls.stream().allMatch(ClusterService::isPeerUrl)) {
            throw new EtcdException(EtcdError.BAD_MEMBER_URLS);
        }
        return urls.stream().sorted().toList();
    }

    private static boolean isPeerUrl(String text) {
        try {
            URI url = new URI(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null && url.getPort() > 0 && url.getPath().isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
