package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Transactions: every compare, branches with every kind of operation, nested twice. */
final class TxnGenerator {
    private static final int DEPTH = 2;

    /** etcd's default limit of operations is 128. */
    private static final int TOO_MANY = 129;

    private final RandomGenerator random;
    private final Keys keys;
    private final boolean single;
    private final RequestGenerator requests;

    /**
     * @param single whether one member is asked, not any of a cluster
     */
    TxnGenerator(RandomGenerator random, Keys keys, RequestGenerator requests, boolean single) {
        this.random = random;
        this.single = single;
        this.keys = keys;
        this.requests = requests;
    }

    TxnRequest txn(int depth) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        int compares = random.nextInt(3);
        for (int i = 0; i < compares; i++) {
            txn.addCompare(compare());
        }
        if (depth == 0 && random.nextInt(80) == 0) {
            return txn.addAllSuccess(tooMany()).build();
        }
        return txn.addAllSuccess(branch(depth)).addAllFailure(branch(depth)).build();
    }

    private List<RequestOp> tooMany() {
        List<RequestOp> ops = new ArrayList<>();
        for (int i = 0; i < TOO_MANY; i++) {
            ops.add(RequestOp.newBuilder().setRequestRange(range()).build());
        }
        return ops;
    }

    private List<RequestOp> branch(int depth) {
        int size = random.nextInt(4);
        boolean careful = random.nextInt(6) != 0;
        Set<ByteString> written = new HashSet<>();
        List<RequestOp> ops = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            RequestOp op = op(depth);
            boolean twice = op.hasRequestPut() && !written.add(op.getRequestPut().getKey());
            if (!careful || !twice) {
                ops.add(op);
            }
        }
        return ops;
    }

    private RequestOp op(int depth) {
        RequestOp.Builder op = RequestOp.newBuilder();
        return switch (random.nextInt(depth < DEPTH ? 10 : 8)) {
            case 0, 1, 2 -> op.setRequestPut(put()).build();
            case 3, 4, 5 -> op.setRequestRange(range()).build();
            case 6 -> op.setRequestDeleteRange(delete()).build();
            case 7 -> random.nextInt(20) == 0 ? op.build() : op.setRequestPut(put()).build();
            default -> op.setRequestTxn(txn(depth + 1)).build();
        };
    }

    /**
     * In a cluster at the current revision, where it can't fail: etcd leaves ranges out on the
     * members that need not answer, so a transaction whose range fails is refused on one member and
     * carried out on the others, whose revisions differ from then on.
     */
    private RangeRequest range() {
        RangeRequest range = requests.range();
        return single ? range : range.toBuilder().setRevision(0).build();
    }

    private PutRequest put() {
        return requests.put();
    }

    /**
     * One key or a prefix. Where the end is "from key" or lies before the start, etcd's search for
     * puts of deleted keys goes wrong and lets them pass; ours refuses them.
     */
    private DeleteRangeRequest delete() {
        ByteString key = keys.key();
        return DeleteRangeRequest.newBuilder()
                .setKey(key)
                .setRangeEnd(random.nextBoolean() ? ByteString.EMPTY : Keys.prefixEnd(key))
                .setPrevKv(random.nextBoolean())
                .build();
    }

    private Compare compare() {
        ByteString key = random.nextInt(80) == 0 ? ByteString.EMPTY : keys.key();
        Compare.Builder compare =
                Compare.newBuilder().setKey(key).setResultValue(random.nextInt(4));
        if (random.nextInt(3) == 0) {
            compare.setRangeEnd(keys.rangeEnd(key));
        }
        int target = random.nextInt(5);
        compare.setTargetValue(target);
        return switch (target) {
            case 0 -> compare.setVersion(random.nextInt(4)).build();
            case 1 ->
                    compare.setCreateRevision(random.nextInt(3) == 0 ? 0 : requests.near()).build();
            case 2 -> compare.setModRevision(random.nextInt(3) == 0 ? 0 : requests.near()).build();
            case 3 -> compare.setValue(keys.value()).build();
            default -> compare.setLease(random.nextInt(2) == 0 ? 0 : requests.leaseId()).build();
        };
    }
}
