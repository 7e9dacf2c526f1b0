package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.PutRequest;
import flotilla.raft.Outcome;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a leader makes of the batches that other members send it. */
class PeerDeskTest {
    private static final Command PUT =
            Command.newBuilder()
                    .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")))
                    .build();
    private static final Command ALARM =
            Command.newBuilder().setAlarm(AlarmRequest.getDefaultInstance()).build();

    private final HandLoop loop = new HandLoop();
    private final List<byte[]> proposed = new ArrayList<>();
    private final List<Consumer<Outcome>> answers = new ArrayList<>();
    private final PeerDesk desk =
            new PeerDesk(
                    loop,
                    new PeerDesk.Own(
                            (batch, answer) -> {
                                proposed.add(batch);
                                answers.add(answer);
                            },
                            _ -> CompletableFuture.failedFuture(new AssertionError("a change")),
                            _ -> CompletableFuture.failedFuture(new AssertionError("a question"))));

    private static CommandBatch batch(int level, Command... commands) {
        return CommandBatch.newBuilder()
                .setOrigin(7)
                .setNumber(1)
                .setLevel(level)
                .addAllCommands(List.of(commands))
                .build();
    }

    private CompletableFuture<PeerReply> ask(ByteString batch, int level) {
        CompletableFuture<PeerReply> reply =
                desk.answer(PeerRequest.newBuilder().setProposal(batch).build(), level);
        loop.run();
        return reply;
    }

    private static PeerReply refused(EtcdError why) {
        return PeerReply.newBuilder()
                .setOutcome(PeerReply.Outcome.REFUSED)
                .setRefusal(why.name())
                .build();
    }

    static Stream<Arguments> unreadable() {
        UnknownFieldSet later =
                UnknownFieldSet.newBuilder()
                        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        ByteString whole = batch(0, PUT).toByteString();
        return Stream.of(
                arguments("nothing", ByteString.EMPTY),
                arguments("no message", ByteString.copyFromUtf8("garbage")),
                arguments("half a message", whole.substring(0, 3)),
                arguments("no command", batch(0).toByteString()),
                arguments(
                        "a command of a later version",
                        batch(0, PUT, Command.newBuilder().setUnknownFields(later).build())
                                .toByteString()),
                arguments(
                        "an envelope of a later version",
                        batch(0, PUT).toBuilder().setUnknownFields(later).build().toByteString()),
                arguments("less than it says", batch(0, ALARM).toByteString()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void what_can_not_be_read_is_refused_by_name_and_not_proposed(String what, ByteString batch) {
        assertThat(ask(batch, 1)).isCompletedWithValue(refused(EtcdError.UNREADABLE));

        assertThat(proposed).isEmpty();
    }

    @Test
    void what_is_above_the_level_that_is_known_here_may_be_asked_again() {
        ByteString alarm = batch(1, ALARM).toByteString();

        assertThat(ask(alarm, 0)).isCompletedWithValue(refused(EtcdError.NOT_CAPABLE));

        assertThat(proposed).isEmpty();
        var _ = ask(alarm, 1);
        assertThat(proposed).hasSize(1);
    }

    @Test
    void what_can_be_read_is_proposed_as_it_came_and_answered_when_it_is_in_the_log() {
        ByteString put = batch(0, PUT).toByteString();

        CompletableFuture<PeerReply> reply = ask(put, 0);

        assertThat(proposed).containsExactly(put.toByteArray());
        assertThat(reply).isNotDone();
        answers.getFirst().accept(new Outcome.Appended(5, 5, 6));
        assertThat(reply).isCompletedWithValue(PeerReply.getDefaultInstance());
    }
}
