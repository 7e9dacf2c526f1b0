package flotilla.client;

import com.google.protobuf.ByteString;
import flotilla.protocol.Compare;
import flotilla.protocol.Compare.CompareResult;
import flotilla.protocol.Compare.CompareTarget;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;

/**
 * A transaction in the making: when all conditions hold, the {@code then} operations are done, else
 * the {@code otherwise} ones, at one revision. At most 128 of each (etcd's limit).
 */
public final class Txn {
    private final EtcdClient client;
    private final TxnRequest.Builder request = TxnRequest.newBuilder();

    Txn(EtcdClient client) {
        this.client = client;
    }

    public Txn when(Compare... conditions) {
        for (Compare condition : conditions) {
            request.addCompare(condition);
        }
        return this;
    }

    public Txn then(RequestOp... operations) {
        for (RequestOp operation : operations) {
            request.addSuccess(operation);
        }
        return this;
    }

    public Txn otherwise(RequestOp... operations) {
        for (RequestOp operation : operations) {
            request.addFailure(operation);
        }
        return this;
    }

    public TxnRequest request() {
        return request.build();
    }

    public TxnResponse commit() {
        return client.txn(request.build());
    }

    public static Compare absent(String key) {
        return createRevision(key, 0);
    }

    public static Compare exists(String key) {
        return compare(key, CompareTarget.CREATE, CompareResult.GREATER)
                .setCreateRevision(0)
                .build();
    }

    public static Compare createRevision(String key, long revision) {
        return compare(key, CompareTarget.CREATE, CompareResult.EQUAL)
                .setCreateRevision(revision)
                .build();
    }

    /** Unchanged since that revision; 0 means that the key does not exist. */
    public static Compare modRevision(String key, long revision) {
        return compare(key, CompareTarget.MOD, CompareResult.EQUAL)
                .setModRevision(revision)
                .build();
    }

    public static Compare value(String key, ByteString value) {
        return compare(key, CompareTarget.VALUE, CompareResult.EQUAL).setValue(value).build();
    }

    public static RequestOp put(String key, ByteString value) {
        return put(key, value, 0);
    }

    public static RequestOp put(String key, ByteString value, long lease) {
        return put(
                PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(value)
                        .setLease(lease)
                        .build());
    }

    public static RequestOp put(PutRequest put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    public static RequestOp get(String key) {
        return get(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build());
    }

    public static RequestOp get(RangeRequest range) {
        return RequestOp.newBuilder().setRequestRange(range).build();
    }

    public static RequestOp delete(String key) {
        return delete(KeyRange.key(key));
    }

    public static RequestOp delete(KeyRange range) {
        return RequestOp.newBuilder()
                .setRequestDeleteRange(
                        DeleteRangeRequest.newBuilder()
                                .setKey(range.key())
                                .setRangeEnd(range.end()))
                .build();
    }

    private static Compare.Builder compare(String key, CompareTarget target, CompareResult result) {
        return Compare.newBuilder()
                .setKey(ByteString.copyFromUtf8(key))
                .setTarget(target)
                .setResult(result);
    }
}
