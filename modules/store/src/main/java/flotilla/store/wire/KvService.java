package flotilla.store.wire;

import com.google.protobuf.Message;
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
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
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
        Reply.with(observer, reads.room(), room -> range(request, room));
    }

    /** For what stays here. */
    CompletableFuture<RangeResponse> range(RangeRequest request) {
        CallRoom room = reads.room();
        return range(request, room).whenComplete((answer, failure) -> room.close());
    }

    private CompletableFuture<RangeResponse> range(RangeRequest request, CallRoom room) {
        RequestChecks.check(request);
        Reads.Extent extent =
                request.getRangeEnd().isEmpty() ? Reads.Extent.ONE_KEY : Reads.Extent.SCAN;
        Supplier<RangeResponse> read = () -> stamped(machine.range(request, room));
        return request.getSerializable()
                ? reads.serializable(extent, room, read)
                : reads.linearizable(extent, room, read);
    }

    private RangeResponse stamped(RangeResponse response) {
        return response.toBuilder().setHeader(identity.header(response.getHeader())).build();
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> observer) {
        if (request.getPrevKv()) {
            Reply.with(observer, reads.room(), room -> answering(room, () -> put(request)));
        } else {
            Reply.with(observer, () -> put(request));
        }
    }

    /** A write that answers with what is stored: refused while there is no room for more. */
    private <T extends Message> CompletableFuture<T> answering(
            CallRoom room, Supplier<CompletableFuture<T>> write) {
        if (reads.isFull()) {
            throw new EtcdException(EtcdError.TOO_MANY_REQUESTS);
        }
        return write.get()
                .thenApply(answer -> {
                    room.hold(answer);
                    return answer;
                });
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
        if (request.getPrevKv()) {
            Reply.with(observer, reads.room(), room -> answering(room, () -> deleteRange(request)));
        } else {
            Reply.with(observer, () -> deleteRange(request));
        }
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
        Reply.with(observer, reads.room(), room -> txn(request, room));
    }

    /** For what stays here. */
    CompletableFuture<TxnResponse> txn(TxnRequest request) {
        CallRoom room = reads.room();
        return txn(request, room).whenComplete((answer, failure) -> room.close());
    }

    /** A transaction that only reads skips the log; without operations it is linearizable. */
    private CompletableFuture<TxnResponse> txn(TxnRequest request, CallRoom room) {
        RequestChecks.check(request, maxTxnOps);
        CompletableFuture<TxnResponse> done;
        if (!RequestChecks.isReadOnly(request)) {
            Command.Builder command = Command.newBuilder().setTxn(request);
            Supplier<CompletableFuture<TxnResponse>> write =
                    () -> proposals.propose(command, TxnResponse.class);
            done = RequestChecks.asksForStored(request) ? answering(room, write) : write.get();
        } else {
            Supplier<TxnResponse> read = () -> machine.txn(request, room);
            done =
                    RequestChecks.isSerializable(request)
                            ? reads.serializable(Reads.Extent.SCAN, room, read)
                            : reads.linearizable(Reads.Extent.SCAN, room, read);
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
