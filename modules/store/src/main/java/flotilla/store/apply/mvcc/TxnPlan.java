package flotilla.store.apply.mvcc;

import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResponseHeader;
import flotilla.protocol.ResponseOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which way a transaction goes. All compares, nested ones too, are decided at once on the state
 * before it; then every operation on the way is checked; then it runs, and can fail half way only
 * for want of room for its answer: whoever runs it must take back what it has written by then.
 */
public final class TxnPlan {
    /** What a nested answer carries on etcd's wire: a header, with nothing in it. */
    private static final ResponseHeader EMPTY_HEADER = ResponseHeader.getDefaultInstance();

    private final boolean succeeded;
    private final List<RequestOp> ops;

    /** The plans of the nested transactions among {@link #ops}, by position. */
    private final Map<Integer, TxnPlan> nested;

    private TxnPlan(boolean succeeded, List<RequestOp> ops, Map<Integer, TxnPlan> nested) {
        this.succeeded = succeeded;
        this.ops = ops;
        this.nested = nested;
    }

    public static TxnPlan of(MvccReader reader, TxnRequest request) {
        boolean succeeded = Compares.hold(reader, request.getCompareList());
        List<RequestOp> ops = succeeded ? request.getSuccessList() : request.getFailureList();
        Map<Integer, TxnPlan> nested = new HashMap<>();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).hasRequestTxn()) {
                nested.put(i, of(reader, ops.get(i).getRequestTxn()));
            }
        }
        return new TxnPlan(succeeded, ops, nested);
    }

    /** Answers a transaction that only reads. */
    public static TxnResponse read(MvccReader reader, TxnRequest request, AnswerRoom room) {
        TxnPlan plan = of(reader, request);
        plan.checkRanges(reader);
        return plan.answer(new Reads(reader, room))
                .setHeader(MvccWriter.header(reader.revision()))
                .build();
    }

    /** Checks and runs a transaction, all in the writer's one revision. */
    public static TxnResponse write(MvccWriter writer, TxnRequest request) {
        TxnPlan plan = of(writer.reader(), request);
        // etcd looks at all puts before it looks at any range, and answers the first error.
        plan.checkPuts(writer);
        plan.checkRanges(writer.reader());
        return plan.answer(new Writes(writer))
                .setHeader(MvccWriter.header(writer.revision()))
                .build();
    }

    private void checkRanges(MvccReader reader) {
        forEachOp(op -> {
            if (op.hasRequestRange()) {
                reader.checkTxnRevision(op.getRequestRange().getRevision());
            }
        });
    }

    private void checkPuts(MvccWriter writer) {
        forEachOp(op -> {
            if (op.hasRequestPut()) {
                writer.check(op.getRequestPut());
            }
        });
    }

    /** In the order in which they run, nested ones at their place: the first error is answered. */
    private void forEachOp(Consumer<RequestOp> check) {
        for (int i = 0; i < ops.size(); i++) {
            TxnPlan inner = nested.get(i);
            if (inner == null) {
                check.accept(ops.get(i));
            } else {
                inner.forEachOp(check);
            }
        }
    }

    private TxnResponse.Builder answer(Executor executor) {
        TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
        for (int i = 0; i < ops.size(); i++) {
            TxnPlan inner = nested.get(i);
            response.addResponses(
                    inner == null
                            ? executor.run(ops.get(i))
                            : ResponseOp.newBuilder()
                                    .setResponseTxn(inner.answer(executor).setHeader(EMPTY_HEADER))
                                    .build());
        }
        return response;
    }

    /** Runs what is not a nested transaction. */
    private interface Executor {
        ResponseOp run(RequestOp op);
    }

    private record Reads(MvccReader reader, AnswerRoom room) implements Executor {
        @Override
        public ResponseOp run(RequestOp op) {
            if (!op.hasRequestRange()) {
                throw new IllegalArgumentException("a read-only transaction holds a write");
            }
            return range(reader, op.getRequestRange(), room);
        }
    }

    private record Writes(MvccWriter writer) implements Executor {
        @Override
        public ResponseOp run(RequestOp op) {
            return switch (op.getRequestCase()) {
                case REQUEST_RANGE ->
                        range(writer.reader(), op.getRequestRange(), writer.answers());
                case REQUEST_PUT ->
                        ResponseOp.newBuilder()
                                .setResponsePut(writer.put(op.getRequestPut()))
                                .build();
                case REQUEST_DELETE_RANGE -> {
                    DeleteRangeResponse deleted = writer.delete(op.getRequestDeleteRange());
                    yield ResponseOp.newBuilder().setResponseDeleteRange(deleted).build();
                }
                case REQUEST_TXN, REQUEST_NOT_SET ->
                        throw new EtcdException(EtcdError.KEY_NOT_FOUND);
            };
        }
    }

    private static ResponseOp range(MvccReader reader, RangeRequest request, AnswerRoom room) {
        return ResponseOp.newBuilder()
                .setResponseRange(RangeQuery.answer(reader, request, room))
                .build();
    }
}
