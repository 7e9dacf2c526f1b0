package flotilla.sim.promise;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.protocol.Compare;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.DeleteRangeResponse;
import flotilla.protocol.KeyValue;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.RequestOp;
import flotilla.protocol.ResponseOp;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.sim.model.Answer;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Request;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the model's words and etcd's. */
public final class Wording {
    private Wording() {}

    /** The command that asks for it; a lease is granted for that long. */
    public static Command command(Request request, long ttlSeconds) {
        Command.Builder command = Command.newBuilder();
        switch (request) {
            case Request.Put put -> command.setPut(put(put));
            case Request.Delete delete -> command.setDeleteRange(delete(delete));
            case Request.Txn txn -> command.setTxn(txn(txn));
            case Request.Compact(long revision) ->
                    command.getCompactionBuilder().setRevision(revision);
            case Request.Grant(long lease) ->
                    command.getLeaseGrantBuilder().setID(lease).setTTL(ttlSeconds);
            case Request.Revoke(long lease) -> command.getLeaseRevokeBuilder().setID(lease);
            case Request.Get _ -> throw new IllegalArgumentException("a read is no command");
        }
        return command.build();
    }

    public static RangeRequest range(Request.Get get) {
        return RangeRequest.newBuilder()
                .setKey(bytes(get.from()))
                .setRangeEnd(bytes(get.to()))
                .setRevision(get.revision())
                .build();
    }

    private static PutRequest put(Request.Put put) {
        return PutRequest.newBuilder()
                .setKey(bytes(put.key()))
                .setValue(bytes(put.value()))
                .setLease(put.lease())
                .build();
    }

    private static DeleteRangeRequest delete(Request.Delete delete) {
        return DeleteRangeRequest.newBuilder()
                .setKey(bytes(delete.from()))
                .setRangeEnd(bytes(delete.to()))
                .build();
    }

    private static TxnRequest txn(Request.Txn txn) {
        TxnRequest.Builder builder = TxnRequest.newBuilder();
        txn.compares().forEach(each -> builder.addCompare(compare(each)));
        txn.then().forEach(each -> builder.addSuccess(operation(each)));
        txn.orElse().forEach(each -> builder.addFailure(operation(each)));
        return builder.build();
    }

    private static Compare compare(Request.Compare compare) {
        Compare.Builder builder =
                Compare.newBuilder()
                        .setKey(bytes(compare.key()))
                        .setResult(Compare.CompareResult.EQUAL);
        switch (compare.target()) {
            case VERSION ->
                    builder.setTarget(Compare.CompareTarget.VERSION).setVersion(compare.number());
            case MODIFIED ->
                    builder.setTarget(Compare.CompareTarget.MOD).setModRevision(compare.number());
            case VALUE ->
                    builder.setTarget(Compare.CompareTarget.VALUE).setValue(bytes(compare.value()));
        }
        return builder.build();
    }

    private static RequestOp operation(Request request) {
        RequestOp.Builder builder = RequestOp.newBuilder();
        switch (request) {
            case Request.Put put -> builder.setRequestPut(put(put));
            case Request.Delete delete -> builder.setRequestDeleteRange(delete(delete));
            case Request.Get get -> builder.setRequestRange(range(get));
            default -> throw new IllegalArgumentException(request + " in a transaction");
        }
        return builder.build();
    }

    /** What a command asks of the model; null for one it doesn't know. */
    static @Nullable Request request(Command command) {
        return switch (command.getCommandCase()) {
            case PUT -> request(command.getPut());
            case DELETE_RANGE -> request(command.getDeleteRange());
            case TXN -> request(command.getTxn());
            case COMPACTION -> new Request.Compact(command.getCompaction().getRevision());
            case LEASE_GRANT -> new Request.Grant(command.getLeaseGrant().getID());
            case LEASE_REVOKE -> new Request.Revoke(command.getLeaseRevoke().getID());
            default -> null;
        };
    }

    private static Request.Put request(PutRequest put) {
        return new Request.Put(text(put.getKey()), text(put.getValue()), put.getLease());
    }

    private static Request.Delete request(DeleteRangeRequest delete) {
        return new Request.Delete(text(delete.getKey()), text(delete.getRangeEnd()));
    }

    private static Request.Get request(RangeRequest get) {
        return new Request.Get(text(get.getKey()), text(get.getRangeEnd()), get.getRevision());
    }

    private static Request.Txn request(TxnRequest txn) {
        return new Request.Txn(
                txn.getCompareList().stream().map(Wording::request).toList(),
                txn.getSuccessList().stream().map(Wording::request).toList(),
                txn.getFailureList().stream().map(Wording::request).toList());
    }

    private static Request.Compare request(Compare compare) {
        String key = text(compare.getKey());
        return switch (compare.getTarget()) {
            case VERSION -> Request.Compare.version(key, compare.getVersion());
            case MOD -> Request.Compare.modified(key, compare.getModRevision());
            case VALUE -> Request.Compare.value(key, text(compare.getValue()));
            default -> throw new IllegalArgumentException("compare " + compare.getTarget());
        };
    }

    private static Request request(RequestOp operation) {
        return switch (operation.getRequestCase()) {
            case REQUEST_PUT -> request(operation.getRequestPut());
            case REQUEST_DELETE_RANGE -> request(operation.getRequestDeleteRange());
            case REQUEST_RANGE -> request(operation.getRequestRange());
            default -> throw new IllegalArgumentException("operation " + operation);
        };
    }

    /** What applying a command came to, in the model's words. */
    public static Answer answer(Applied applied) {
        return switch (applied) {
            case Applied.Done(Message response) -> answer(response);
            case Applied.Refused(EtcdError error) -> refused(error);
        };
    }

    /** Whether the model refuses for that reason too. */
    public static boolean knows(EtcdError error) {
        return Arrays.stream(Answer.Why.values()).anyMatch(why -> why.name().equals(error.name()));
    }

    public static Answer refused(EtcdError error) {
        return new Answer.Refused(
                knows(error) ? Answer.Why.valueOf(error.name()) : Answer.Why.OTHER);
    }

    public static Answer answer(Message response) {
        return switch (response) {
            case PutResponse put -> new Answer.Written(put.getHeader().getRevision());
            case DeleteRangeResponse delete ->
                    new Answer.Deleted(delete.getHeader().getRevision(), delete.getDeleted());
            case RangeResponse range ->
                    new Answer.Got(
                            range.getHeader().getRevision(),
                            range.getKvsList().stream().map(Wording::item).toList());
            case TxnResponse txn ->
                    new Answer.Decided(
                            txn.getHeader().getRevision(),
                            txn.getSucceeded(),
                            txn.getResponsesList().stream().map(Wording::answer).toList());
            case flotilla.protocol.CompactionResponse compaction ->
                    new Answer.Written(compaction.getHeader().getRevision());
            case flotilla.protocol.LeaseGrantResponse grant ->
                    new Answer.Written(grant.getHeader().getRevision());
            case flotilla.protocol.LeaseRevokeResponse revoke ->
                    new Answer.Written(revoke.getHeader().getRevision());
            default -> throw new IllegalArgumentException("answer " + response);
        };
    }

    private static Answer answer(ResponseOp operation) {
        return switch (operation.getResponseCase()) {
            case RESPONSE_PUT -> answer(operation.getResponsePut());
            case RESPONSE_DELETE_RANGE -> answer(operation.getResponseDeleteRange());
            case RESPONSE_RANGE -> answer(operation.getResponseRange());
            default -> throw new IllegalArgumentException("answer " + operation);
        };
    }

    private static Item item(KeyValue kv) {
        return new Item(
                text(kv.getKey()),
                text(kv.getValue()),
                kv.getCreateRevision(),
                kv.getModRevision(),
                kv.getVersion(),
                kv.getLease());
    }

    static List<Item> items(RangeResponse range) {
        return range.getKvsList().stream().map(Wording::item).toList();
    }

    public static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    static String text(ByteString bytes) {
        return bytes.toStringUtf8();
    }
}
