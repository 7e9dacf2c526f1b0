package flotilla.store;

import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.done;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeRequest.SortOrder;
import flotilla.protocol.RangeRequest.SortTarget;
import flotilla.protocol.RangeResponse;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.view.EtcdStateMachine;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A range of a hundred values of 50 kB, and room for two. */
class AnswerRoomTest {
    private static final int KEYS = 100;
    private static final String VALUE = "v".repeat(50_000);
    private static final long ROOM = 2 * 50_500;

    private final EtcdStateMachine machine = new EtcdStateMachine(new MemoryStorage());

    @BeforeEach
    void fill() {
        for (int i = 0; i < KEYS; i++) {
            done(machine, put("k%02d".formatted(i), i + VALUE));
        }
    }

    @AfterEach
    void close() {
        machine.close();
    }

    interface Question extends UnaryOperator<RangeRequest.Builder> {}

    static Stream<Named<Question>> answered() {
        return Stream.of(
                named("two", r -> r.setLimit(2)),
                named("the count", r -> r.setCountOnly(true)),
                named("the keys", r -> r.setKeysOnly(true)),
                named(
                        "the newest",
                        r ->
                                r.setLimit(1)
                                        .setSortTarget(SortTarget.MOD)
                                        .setSortOrder(SortOrder.DESCEND)),
                named("the last", r -> r.setLimit(2).setSortOrder(SortOrder.DESCEND)),
                named("the first by value", r -> r.setLimit(1).setSortTarget(SortTarget.VALUE)),
                named("those of two revisions", r -> r.setMinModRevision(50).setMaxModRevision(51)),
                named("one of many revisions", r -> r.setMinModRevision(50).setLimit(1)),
                named("two as they were", r -> r.setLimit(2).setRevision(60)));
    }

    @ParameterizedTest
    @MethodSource("answered")
    void what_is_not_answered_takes_no_room(Question question) {
        RangeResponse answer = ask(question);

        assertThat(answer.getCount()).isBetween(59L, (long) KEYS);
        assertThat(answer.getSerializedSize()).isLessThan((int) ROOM);
    }

    static Stream<Named<Question>> refused() {
        return Stream.of(
                named("all", r -> r),
                named("three", r -> r.setLimit(3)),
                named(
                        "all by value, keys only",
                        r -> r.setKeysOnly(true).setSortTarget(SortTarget.VALUE)),
                named("three sorted", r -> r.setLimit(3).setSortOrder(SortOrder.DESCEND)),
                named(
                        "those of three revisions",
                        r -> r.setMinModRevision(50).setMaxModRevision(52)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void what_would_be_too_large_is_refused_with_the_ways_out(Question question) {
        assertThatThrownBy(() -> ask(question))
                .hasMessageContaining("--limit")
                .hasMessageContaining("keys only");
    }

    @Test
    void one_key_is_answered_whatever_its_size() {
        RangeResponse answer =
                machine.range(range("k00", "", 0), new LimitedRoom(10, EtcdError.ANSWER_TOO_LARGE));

        assertThat(answer.getKvsList()).extracting(KeyValue::getKey).containsExactly(bytes("k00"));
    }

    private RangeResponse ask(Question question) {
        return machine.range(
                question.apply(range("k", "l", 0).toBuilder()).build(),
                new LimitedRoom(ROOM, EtcdError.ANSWER_TOO_LARGE));
    }

    private static Named<Question> named(String name, Question question) {
        return Named.of(name, question);
    }
}
