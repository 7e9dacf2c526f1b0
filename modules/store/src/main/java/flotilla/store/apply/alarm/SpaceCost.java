package flotilla.store.apply.alarm;

import flotilla.protocol.PutRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.command.Command;
import java.util.List;

/** What a command may take up of the space at most, as etcd counts it for its quota. */
public final class SpaceCost {
    /** Of a key-value beside its key and value, bytes (etcd's {@code kvOverhead}). */
    private static final long KEY_VALUE_BYTES = 256;

    /** Of a lease, bytes (etcd's {@code leaseOverhead}). */
    private static final long LEASE_BYTES = 64;

    private SpaceCost() {}

    /** In bytes; 0 for what gives space back or needs none, which goes on when there is none. */
    public static long of(Command command) {
        return switch (command.getCommandCase()) {
            case PUT -> put(command.getPut());
            case LEASE_GRANT -> LEASE_BYTES;
            case TXN -> txn(command.getTxn());
            case DELETE_RANGE,
                    COMPACTION,
                    LEASE_REVOKE,
                    MEMBER_ATTRIBUTES,
                    LEASE_CHECKPOINT,
                    ALARM,
                    FEATURE_LEVEL,
                    COMMAND_NOT_SET ->
                    0;
        };
    }

    private static long put(PutRequest put) {
        return KEY_VALUE_BYTES + put.getKey().size() + put.getValue().size();
    }

    /** The dearer branch's, as etcd judges; nested puts too, which etcd overlooks. */
    private static long txn(TxnRequest txn) {
        return Math.max(all(txn.getSuccessList()), all(txn.getFailureList()));
    }

    private static long all(List<RequestOp> operations) {
        return operations.stream().mapToLong(SpaceCost::of).sum();
    }

    private static long of(RequestOp operation) {
        return switch (operation.getRequestCase()) {
            case REQUEST_PUT -> put(operation.getRequestPut());
            case REQUEST_TXN -> txn(operation.getRequestTxn());
            case REQUEST_RANGE, REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> 0;
        };
    }
}
