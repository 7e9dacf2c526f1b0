package flotilla.store.apply.alarm;

import static flotilla.store.Commands.compact;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.putRequest;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.protocol.DeleteRangeRequest;
import flotilla.protocol.RequestOp;
import flotilla.protocol.TxnRequest;
import flotilla.store.command.Command;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What etcd's quota takes a command for. */
class SpaceCostTest {
    static Stream<Arguments> costs() {
        RequestOp small = op("a", 10);
        RequestOp large = op("abc", 1000);
        RequestOp gone =
                RequestOp.newBuilder()
                        .setRequestDeleteRange(DeleteRangeRequest.getDefaultInstance())
                        .build();
        RequestOp nested =
                RequestOp.newBuilder()
                        .setRequestTxn(TxnRequest.newBuilder().addFailure(large))
                        .build();
        return Stream.of(
                arguments("a put", put("abc", "12345"), 256 + 3 + 5),
                arguments("a lease", grant(1, 9), 64),
                arguments("both puts of a branch", txn(small, large), 256 + 11 + 256 + 1003),
                arguments("the dearer branch", either(small, large), 256 + 1003),
                arguments("whichever it is", either(large, small), 256 + 1003),
                arguments("a put within", txn(nested, gone), 256 + 1003),
                arguments("a delete", delete("a", "b"), 0),
                arguments("a delete within", txn(gone), 0),
                arguments("the end of a lease", revoke(1), 0),
                arguments("a compaction", compact(3), 0));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("costs")
    void a_command_costs_what_it_may_take_up(String name, Command command, long bytes) {
        assertThat(SpaceCost.of(command)).isEqualTo(bytes);
    }

    private static RequestOp op(String key, int valueBytes) {
        return RequestOp.newBuilder()
                .setRequestPut(putRequest(key, "v".repeat(valueBytes)))
                .build();
    }

    private static Command txn(RequestOp... success) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (RequestOp operation : success) {
            txn.addSuccess(operation);
        }
        return Command.newBuilder().setTxn(txn).build();
    }

    private static Command either(RequestOp success, RequestOp failure) {
        return Command.newBuilder()
                .setTxn(TxnRequest.newBuilder().addSuccess(success).addFailure(failure))
                .build();
    }
}
