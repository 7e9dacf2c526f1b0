package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be refused by looking at a request alone, before it is ordered; in etcd's order, for a
 * request may be wrong twice. Each method throws {@link EtcdException} or returns.
 */
public final class RequestChecks {
    /** Operations a transaction may have, nesting included; etcd's --max-txn-ops. */
    public static final int MAX_TXN_OPS = 128;

    /** The longest lease, in seconds; etcd's own bound. */
    public static final long MAX_LEASE_TTL_SECONDS = 9_000_000_000L;

    private RequestChecks() {}

    public static void check(RangeRequest request) {
        checkKey(request.getKey());
        if (request.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
                || request.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED) {
            throw new EtcdException(EtcdError.INVALID_SORT_OPTION);
        }
    }

    public static void check(PutRequest request) {
        checkKey(request.getKey());
        if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
            throw new EtcdException(EtcdError.VALUE_PROVIDED);
        }
        if (request.getIgnoreLease() && request.getLease() != 0) {
            throw new EtcdException(EtcdError.LEASE_PROVIDED);
        }
    }

    public static void check(DeleteRangeRequest request) {
        checkKey(request.getKey());
    }

    public static void check(LeaseGrantRequest request) {
        if (request.getTTL() > MAX_LEASE_TTL_SECONDS) {
            throw new EtcdException(EtcdError.LEASE_TTL_TOO_LARGE);
        }
    }

    /**
     * @param maxOps operations allowed, such as {@link #MAX_TXN_OPS}
     */
    public static void check(TxnRequest request, int maxOps) {
        checkOps(request, maxOps);
        checkDuplicates(request.getSuccessList());
        checkDuplicates(request.getFailureList());
    }

    /** Whether a transaction only reads, so that it needn't be ordered by the log. */
    public static boolean isReadOnly(TxnRequest request) {
        return isReadOnly(request.getSuccessList()) && isReadOnly(request.getFailureList());
    }

    private static boolean isReadOnly(List<RequestOp> ops) {
        return ops.stream()
                .allMatch(op ->
                        op.hasRequestRange()
                                || (op.hasRequestTxn() && isReadOnly(op.getRequestTxn())));
    }

    /**
     * Whether a read-only transaction may be answered from local state that lags: all its ranges
     * allow that, and there is one (etcd also lets one without any, and may answer it stale).
     */
    public static boolean isSerializable(TxnRequest request) {
        List<RequestOp> ops = new ArrayList<>(request.getSuccessList());
        ops.addAll(request.getFailureList());
        return !ops.isEmpty()
                && ops.stream()
                        .allMatch(op ->
                                op.hasRequestTxn()
                                        ? isSerializable(op.getRequestTxn())
                                        : op.getRequestRange().getSerializable());
    }

    /** Whether a transaction may answer with what is stored, and so with much. */
    public static boolean asksForStored(TxnRequest request) {
        return Stream.of(request.getSuccessList(), request.getFailureList())
                .flatMap(List::stream)
                .anyMatch(op ->
                        switch (op.getRequestCase()) {
                            case REQUEST_RANGE -> true;
                            case REQUEST_PUT -> op.getRequestPut().getPrevKv();
                            case REQUEST_DELETE_RANGE -> op.getRequestDeleteRange().getPrevKv();
                            case REQUEST_TXN -> asksForStored(op.getRequestTxn());
                            case REQUEST_NOT_SET -> false;
                        });
    }

    private static void checkKey(ByteString key) {
        if (key.isEmpty()) {
            throw new EtcdException(EtcdError.EMPTY_KEY);
        }
    }

    private static void checkOps(TxnRequest request, int maxOps) {
        int most =
                Math.max(
                        request.getCompareCount(),
                        Math.max(request.getSuccessCount(), request.getFailureCount()));
        if (most > maxOps) {
            throw new EtcdException(EtcdError.TOO_MANY_OPS);
        }
        for (Compare compare : request.getCompareList()) {
            checkKey(compare.getKey());
        }
        request.getSuccessList().forEach(op -> check(op, maxOps - most));
        request.getFailureList().forEach(op -> check(op, maxOps - most));
    }

    private static void check(RequestOp op, int maxOpsInside) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> check(op.getRequestRange());
            case REQUEST_PUT -> check(op.getRequestPut());
            case REQUEST_DELETE_RANGE -> check(op.getRequestDeleteRange());
            case REQUEST_TXN -> checkOps(op.getRequestTxn(), maxOpsInside);
            case REQUEST_NOT_SET -> throw new EtcdException(EtcdError.KEY_NOT_FOUND);
        }
    }

    /** What a branch writes, nested branches included. */
    private record Written(Set<ByteString> puts, List<KeyRange> deletes) {
        void add(ByteString key) {
            if (!puts.add(key)) {
                throw new EtcdException(EtcdError.DUPLICATE_KEY);
            }
            checkNotDeleted(key);
        }

        void checkNotDeleted(ByteString key) {
            if (deletes.stream().anyMatch(range -> range.contains(key))) {
                throw new EtcdException(EtcdError.DUPLICATE_KEY);
            }
        }
    }

    /**
     * No key may be put twice, or put and deleted, in one branch. The two branches of a nested
     * transaction exclude each other, so they may write the same key; both collide with what is
     * around them.
     */
    private static Written checkDuplicates(List<RequestOp> branch) {
        Written written = new Written(new HashSet<>(), new ArrayList<>());
        for (RequestOp op : branch) {
            if (op.hasRequestDeleteRange()) {
                var delete = op.getRequestDeleteRange();
                written.deletes().add(KeyRange.of(delete.getKey(), delete.getRangeEnd()));
            }
        }
        for (RequestOp op : branch) {
            if (op.hasRequestTxn()) {
                addNested(op.getRequestTxn(), written);
            }
        }
        for (RequestOp op : branch) {
            if (op.hasRequestPut()) {
                written.add(op.getRequestPut().getKey());
            }
        }
        return written;
    }

    private static void addNested(TxnRequest txn, Written around) {
        Written then = checkDuplicates(txn.getSuccessList());
        Written otherwise = checkDuplicates(txn.getFailureList());
        then.puts().forEach(around::add);
        for (ByteString key : otherwise.puts()) {
            if (then.puts().contains(key)) {
                around.checkNotDeleted(key);
            } else {
                around.add(key);
            }
        }
        around.deletes().addAll(then.deletes());
        around.deletes().addAll(otherwise.deletes());
    }
}
