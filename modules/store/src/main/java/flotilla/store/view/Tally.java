package flotilla.store.view;

import com.google.protobuf.Message;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.LeaseGrantResponse;
import flotilla.protocol.LeaseRevokeResponse;
import flotilla.protocol.PutResponse;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.ResponseOp;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.Applied;
import flotilla.store.apply.mvcc.ChangeCount;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this member has done since it started, counted as etcd counts it: every operation of a
 * transaction, and a transaction itself once it has more than one. Safe from any thread.
 */
public final class Tally {
    private final LongAdder puts = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder ranges = new LongAdder();
    private final LongAdder txns = new LongAdder();
    private final LongAdder putBytes = new LongAdder();
    private final LongAdder leasesGranted = new LongAdder();
    private final LongAdder leasesRevoked = new LongAdder();

    void answered(Message response) {
        switch (response) {
            case PutResponse put -> puts.increment();
            case DeleteRangeResponse delete -> deletes.increment();
            case RangeResponse range -> ranges.increment();
            case TxnResponse txn -> {
                if (operations(txn) > 1) {
                    txns.increment();
                }
            }
            case LeaseGrantResponse grant -> leasesGranted.increment();
            case LeaseRevokeResponse revoke -> leasesRevoked.increment();
            default -> {}
        }
    }

    /** Counts the operations, and returns how many there were. */
    private int operations(TxnResponse txn) {
        int count = 0;
        for (ResponseOp op : txn.getResponsesList()) {
            count++;
            switch (op.getResponseCase()) {
                case RESPONSE_PUT -> puts.increment();
                case RESPONSE_DELETE_RANGE -> deletes.increment();
                case RESPONSE_RANGE -> ranges.increment();
                case RESPONSE_TXN -> count += operations(op.getResponseTxn()) - 1;
                case RESPONSE_NOT_SET -> {}
            }
        }
        return count;
    }

    /** Counts what an entry's commands came to, and what they changed. */
    void applied(List<Applied> results, ChangeCount changes) {
        for (Applied result : results) {
            if (result instanceof Applied.Done(Message response)) {
                answered(response);
            }
        }
        putBytes.add(changes.putBytes());
    }

    public long puts() {
        return puts.sum();
    }

    public long deletes() {
        return deletes.sum();
    }

    public long ranges() {
        return ranges.sum();
    }

    public long txns() {
        return txns.sum();
    }

    /** Keys and values of all puts. */
    public long putBytes() {
        return putBytes.sum();
    }

    public long leasesGranted() {
        return leasesGranted.sum();
    }

    public long leasesRevoked() {
        return leasesRevoked.sum();
    }
}
