package flotilla.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.PutRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import flotilla.protocol.TxnRequest;
import flotilla.protocol.TxnResponse;
import flotilla.store.apply.Applied;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.view.EtcdStateMachine;
import java.util.List;

/** Short words for commands and requests. */
public final class Commands {
    private Commands() {}

    public static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    public static PutRequest.Builder putRequest(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    public static Command put(String key, String value) {
        return Command.newBuilder().setPut(putRequest(key, value)).build();
    }

    public static Command put(String key, String value, long lease) {
        return Command.newBuilder().setPut(putRequest(key, value).setLease(lease)).build();
    }

    public static Command delete(String key, String end) {
        return Command.newBuilder()
                .setDeleteRange(
                        DeleteRangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end)))
                .build();
    }

    public static Command compact(long revision) {
        return Command.newBuilder()
                .setCompaction(CompactionRequest.newBuilder().setRevision(revision))
                .build();
    }

    public static Command grant(long id, long ttl) {
        return Command.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(ttl))
                .build();
    }

    public static Command revoke(long id) {
        return Command.newBuilder()
                .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id))
                .build();
    }

    public static RangeRequest range(String key, String end, long revision) {
        return RangeRequest.newBuilder()
                .setKey(bytes(key))
                .setRangeEnd(bytes(end))
                .setRevision(revision)
                .build();
    }

    public static CommandBatch batch(Command... commands) {
        return CommandBatch.newBuilder().addAllCommands(List.of(commands)).build();
    }

    /** Applies commands as the next entry and returns what each came to. */
    public static List<Applied> apply(EtcdStateMachine machine, Command... commands) {
        return machine.apply(machine.appliedIndex() + 1, 1, batch(commands));
    }

    /** Applies one command that must not be refused. */
    public static Message done(EtcdStateMachine machine, Command command) {
        return switch (apply(machine, command).getFirst()) {
            case Applied.Done(Message response) -> response;
            case Applied.Refused(EtcdError error) ->
                    throw new AssertionError("refused: " + error + " for " + command);
        };
    }

    public static RangeResponse read(EtcdStateMachine machine, RangeRequest request) {
        return machine.range(request, LimitedRoom.unlimited());
    }

    public static TxnResponse read(EtcdStateMachine machine, TxnRequest request) {
        return machine.txn(request, LimitedRoom.unlimited());
    }

    public static List<ByteString> leaseKeys(EtcdStateMachine machine, long lease) {
        return machine.leaseKeys(lease, LimitedRoom.unlimited());
    }

    /** Applies one command that must be refused. */
    public static EtcdError refused(EtcdStateMachine machine, Command command) {
        return switch (apply(machine, command).getFirst()) {
            case Applied.Done(Message response) ->
                    throw new AssertionError("not refused: " + response);
            case Applied.Refused(EtcdError error) -> error;
        };
    }
}
