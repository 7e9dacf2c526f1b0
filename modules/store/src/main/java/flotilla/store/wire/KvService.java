package flotilla.store.wire;

import flotilla.protocol.CompactionRequest;
import flotilla.protocol.CompactionResponse;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.KVGrpc;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.mvcc.RequestChecks;
import flotilla.store.command.Command;
import flotilla.store.view.EtcdStateMachine;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * etcd's KV service. A write is checked for what can be refused without knowing the state, ordered
 * by the log, and answered with what applying it on this member came to. A read waits for the log's
 * barrier, unless it is content with what this member has, and then reads the state.
 */
final class KvService extends KVGrpc.KVImplBase {
    private final Identity identity;
    private final EtcdStateMachine machine;
    private final Proposals proposals;
    private final Reads reads;
    private final int maxTxnOps;

    KvService(Parts parts, int maxTxnOps) {
        this.identity = parts.identity();
        this.machine = parts.machine();
        this.proposals = parts.proposals();
        this.reads = parts.reads();
        this.maxTxnOps = maxTxnOps;
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
        Reply.with(observer, () -> range(request));
    }

    CompletableFuture<RangeResponse> range(RangeRequest request) {
        RequestChecks.check(request);
        Reads.Extent extent =
                request.getRangeEnd().isEmpty() ? Reads.Extent.ONE_KEY : Reads.Extent.SCAN;
        Supplier<RangeResponse> read = () -> stamped(machine.range(request, Reads.room()));
        return request.getSerializable()
                ? reads.serializable(extent, read)
                : reads.linearizable(extent, read);
    }

    private RangeResponse stamped(RangeResponse response) {
        return response.toBuilder().setHeader(identity.header(response.getHeader())).build();
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        Reply.with(observer, () -> put(request));
    }

    private CompletableFuture<PutResponse> put(PutRequest request) {
        RequestChecks.check(request);
        return proposals
                .propose(Command.newBuilder().setPut(request), PutResponse.class)
                .thenApply(done ->
                        done.toBuilder().setHeader(identity.header(done.getHeader())).build());
    }

    @Override
    public void deleteRange(
            DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> observer) {
        Reply.with(observer, () -> deleteRange(request));
    }

    CompletableFuture<DeleteRangeResponse> deleteRange(DeleteRangeRequest request) {
        RequestChecks.check(request);
        return proposals
                .propose(Command.newBuilder().setDeleteRange(request), DeleteRangeResponse.class)
                .thenApply(done ->
                        done.toBuilder().setHeader(identity.header(done.getHeader())).build());
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> observer) {
        Reply.with(observer, () -> txn(request));
    }

    /** A transaction that only reads skips the log; without operations it is linearizable. */
    CompletableFuture<TxnResponse> txn(TxnRequest request) {
        RequestChecks.check(request, maxTxnOps);
        CompletableFuture<TxnResponse> done;
        if (!RequestChecks.isReadOnly(request)) {
            done = proposals.propose(Command.newBuilder().setTxn(request), TxnResponse.class);
        } else if (RequestChecks.isSerializable(request)) {
            done = reads.serializable(Reads.Extent.SCAN, () -> machine.txn(request, Reads.room()));
        } else {
            done = reads.linearizable(Reads.Extent.SCAN, () -> machine.txn(request, Reads.room()));
        }
        return done.thenApply(response ->
                response.toBuilder().setHeader(identity.header(response.getHeader())).build());
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> observer) {
        Reply.with(observer, () -> compact(request));
    }

    /** With {@code physical} it is answered only when what was compacted is gone from here. */
    private CompletableFuture<CompactionResponse> compact(CompactionRequest request) {
        CompletableFuture<CompactionResponse> done =
                proposals.propose(
                        Command.newBuilder().setCompaction(request), CompactionResponse.class);
        CompletableFuture<CompactionResponse> gone =
                request.getPhysical()
                        ? done.thenCompose(response ->
                                machine.compacted(request.getRevision())
                                        .thenApply(ready -> response))
                        : done;
        return gone.thenApply(response ->
                response.toBuilder().setHeader(identity.header(response.getHeader())).build());
    }
}
