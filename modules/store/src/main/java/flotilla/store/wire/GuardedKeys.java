package flotilla.store.wire;

import com.google.protobuf.ByteString;
import flotilla.protocol.CampaignRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.LockRequest;
import flotilla.protocol.ProclaimRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResignRequest;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.UnlockRequest;
import flotilla.store.apply.mvcc.KeyRange;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * Which requests may change a key that begins with a prefix. Reads, comparisons and the renewal of
 * leases change none.
 */
final class GuardedKeys {
    private final ByteString prefix;
    private final KeyRange keys;
    private final LongPredicate leaseHolds;

    /**
     * @param leaseHolds whether one of the keys ends with a lease
     */
    GuardedKeys(ByteString prefix, LongPredicate leaseHolds) {
        this.prefix = prefix;
        this.keys = KeyRange.prefix(prefix);
        this.leaseHolds = leaseHolds;
    }

    boolean touches(Object request) {
        return switch (request) {
            case PutRequest put -> keys.contains(put.getKey());
            case DeleteRangeRequest delete ->
                    keys.intersects(KeyRange.of(delete.getKey(), delete.getRangeEnd()));
            case TxnRequest txn ->
                    Stream.of(txn.getSuccessList(), txn.getFailureList())
                            .flatMap(List::stream)
                            .anyMatch(this::touchesIn);
            case LeaseRevokeRequest revoke -> leaseHolds.test(revoke.getID());
            case LockRequest lock -> claims(lock.getName());
            case UnlockRequest unlock -> keys.contains(unlock.getKey());
            case CampaignRequest campaign -> claims(campaign.getName());
            case ProclaimRequest proclaim -> keys.contains(proclaim.getLeader().getKey());
            case ResignRequest resign -> keys.contains(resign.getLeader().getKey());
            default -> false;
        };
    }

    private boolean touchesIn(RequestOp operation) {
        return switch (operation.getRequestCase()) {
            case REQUEST_PUT -> touches(operation.getRequestPut());
            case REQUEST_DELETE_RANGE -> touches(operation.getRequestDeleteRange());
            case REQUEST_TXN -> touches(operation.getRequestTxn());
            case REQUEST_RANGE, REQUEST_NOT_SET -> false;
        };
    }

    /** Whether the key of a claim, {@code name/lease} in hexadecimal, may be one of them. */
    private boolean claims(ByteString name) {
        ByteString line = Claims.prefix(name);
        return keys.contains(line)
                || (prefix.startsWith(line)
                        && prefix.substring(line.size()).toStringUtf8().matches("[0-9a-f]*"));
    }
}
