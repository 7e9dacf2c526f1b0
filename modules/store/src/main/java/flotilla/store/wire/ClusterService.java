package flotilla.store.wire;

import flotilla.protocol.ClusterGrpc;
import flotilla.protocol.MemberListRequest;
import flotilla.protocol.MemberListResponse;
import io.grpc.stub.StreamObserver;

/**
 * Who the members are. Adding and removing members is not offered: those calls answer
 * Unimplemented. Headers of this service carry revision 0, as etcd's do.
 */
final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final Identity identity;
    private final MemberList members;
    private final Reads reads;

    ClusterService(Parts parts) {
        this.identity = parts.identity();
        this.members = parts.members();
        this.reads = parts.reads();
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
                .addAllMembers(members.current())
                .build();
    }
}
