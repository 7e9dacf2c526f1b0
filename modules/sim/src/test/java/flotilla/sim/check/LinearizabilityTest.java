package flotilla.sim.check;

import static flotilla.sim.model.Request.delete;
import static flotilla.sim.model.Request.get;
import static flotilla.sim.model.Request.put;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.sim.model.Answer;
import flotilla.sim.model.Answer.Decided;
import flotilla.sim.model.Answer.Deleted;
import flotilla.sim.model.Answer.Got;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.model.Answer.Refused;
import flotilla.sim.model.Answer.Why;
import flotilla.sim.model.Answer.Written;
import flotilla.sim.model.KeyModel;
import flotilla.sim.model.Request;
import flotilla.sim.model.Request.Compact;
import flotilla.sim.model.Request.Compare;
import flotilla.sim.model.Request.Get;
import flotilla.sim.model.Request.Grant;
import flotilla.sim.model.Request.Revoke;
import flotilla.sim.model.Request.Txn;
import flotilla.sim.model.StoreModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearizabilityTest {
    private static final long BUDGET = 100_000;

    /** A history, and whether a store could have answered so. */
    record Case(String name, boolean right, List<Operation<Request, Answer>> history) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(ofOneKey(), ofUnknownFate(), ofTheWholeStore()).flatMap(each -> each);
    }

    private static Stream<Case> ofOneKey() {
        return Stream.of(
                right("nothing happened"),
                right("a read sees what was written", wrote(0, 1, "1", 2), saw(2, 3, "1", 2)),
                wrong("a read before any write sees one", saw(0, 1, "1", 2), wrote(2, 3, "1", 2)),
                right("a read beside a write sees it", saw(0, 3, "1", 2), wrote(1, 4, "1", 2)),
                right("a read beside a write does not see it", saw(0, 3), wrote(1, 4, "1", 2)),
                right("what returns as the next is called", wrote(0, 1, "1", 2), saw(1, 2)),
                wrong("a stale read", wrote(0, 1, "1", 2), wrote(2, 3, "2", 3), saw(4, 5, "1", 2)),
                wrong("a lost write", wrote(0, 1, "1", 2), saw(2, 3)),
                wrong(
                        "two reads that go back in time, beside one write",
                        wrote(0, 9, "1", 2),
                        saw(1, 2, "1", 2),
                        saw(3, 4)),
                wrong("two writes of one revision", wrote(0, 1, "1", 2), wrote(2, 3, "2", 2)),
                wrong("revisions against time", wrote(0, 1, "1", 3), wrote(2, 3, "2", 2)),
                right("revisions against calls", wrote(0, 9, "1", 3), wrote(1, 9, "2", 2)));
    }

    private static Stream<Case> ofUnknownFate() {
        return Stream.of(
                right("an unknown write was made", unknown(0, put("a", "1")), saw(5, 6, "1", 2)),
                right("an unknown write was not made", unknown(0, put("a", "1")), saw(5, 6)),
                right(
                        "an unknown write is made late",
                        unknown(0, put("a", "1")),
                        saw(5, 6),
                        saw(7, 8, "1", 2)),
                wrong(
                        "an unknown write is made and taken back",
                        unknown(0, put("a", "1")),
                        saw(5, 6, "1", 2),
                        saw(7, 8)),
                wrong(
                        "an unknown write is seen before it is called",
                        saw(1, 2, "1", 2),
                        unknown(3, put("a", "1"))),
                wrong(
                        "an unknown write is made twice",
                        unknown(0, put("a", "1")),
                        op(5, 6, get("a"), new Got(3, List.of(new Item("a", "1", 2, 3, 2, 0))))));
    }

    private static Stream<Case> ofTheWholeStore() {
        return Stream.of(
                right(
                        "a key that is deleted",
                        wrote(0, 1, "1", 2),
                        op(2, 3, delete("a"), new Deleted(3, 1)),
                        op(4, 5, get("a"), new Got(3, List.of()))),
                wrong(
                        "a deletion of nothing makes a revision",
                        op(2, 3, delete("a"), new Deleted(2, 0))),
                right(
                        "of two that compare one wins",
                        op(0, 5, ifAbsent("1"), decided(2, true, new Written(2))),
                        op(1, 6, ifAbsent("2"), decided(2, false, got(2, "1", 2)))),
                wrong(
                        "of two that compare both win",
                        op(0, 5, ifAbsent("1"), decided(2, true, new Written(2))),
                        op(1, 6, ifAbsent("2"), decided(3, true, new Written(3)))),
                right(
                        "an old revision is read",
                        wrote(0, 1, "1", 2),
                        wrote(2, 3, "2", 3),
                        op(4, 5, new Get("a", "b", 2), got(3, "1", 2))),
                wrong(
                        "an old revision reads as new",
                        wrote(0, 1, "1", 2),
                        wrote(2, 3, "2", 3),
                        op(4, 5, new Get("a", "b", 2), got(3, "2", 3))),
                right(
                        "a compacted revision is refused",
                        wrote(0, 1, "1", 2),
                        wrote(2, 3, "2", 3),
                        op(4, 5, new Compact(3), new Written(3)),
                        op(6, 7, new Get("a", "b", 2), new Refused(Why.COMPACTED)),
                        op(6, 7, new Get("a", "b", 3), got(3, "2", 3))),
                wrong(
                        "a compacted revision is read",
                        wrote(0, 1, "1", 2),
                        wrote(2, 3, "2", 3),
                        op(4, 5, new Compact(3), new Written(3)),
                        op(6, 7, new Get("a", "b", 2), got(3, "1", 2))),
                right(
                        "a lease ends and takes its key along",
                        op(0, 1, new Grant(7), new Written(1)),
                        op(2, 3, new Request.Put("a", "1", 7), new Written(2)),
                        unknown(4, new Revoke(7)),
                        op(8, 9, get("a"), new Got(3, List.of()))),
                wrong(
                        "a key goes though its lease was never revoked",
                        op(0, 1, new Grant(7), new Written(1)),
                        op(2, 3, new Request.Put("a", "1", 7), new Written(2)),
                        op(8, 9, get("a"), new Got(3, List.of()))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_history_is_right_if_some_order_explains_it(Case each) {
        Verdict verdict = Linearizability.check(each.history, new StoreModel(), BUDGET);

        assertThat(verdict)
                .isInstanceOf(each.right ? Verdict.Linearizable.class : Verdict.Broken.class);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void key_by_key_nothing_right_is_called_wrong(Case each) {
        if (each.right && KeyModel.canSplit(each.history)) {
            assertThat(KeyModel.check(each.history, BUDGET))
                    .isInstanceOf(Verdict.Linearizable.class);
        }
    }

    @Test
    void key_by_key_a_stale_read_is_found_whatever_the_revisions() {
        List<Operation<Request, Answer>> history =
                List.of(
                        wrote(0, 1, "1", 20),
                        wrote(2, 3, "2", 30),
                        op(4, 5, put("b", "x"), new Written(25)),
                        saw(6, 7, "1", 20));

        assertThat(KeyModel.canSplit(history)).isTrue();
        assertThat(KeyModel.check(history, BUDGET)).isInstanceOf(Verdict.Broken.class);
    }

    @Test
    void what_spans_keys_is_not_split() {
        assertThat(KeyModel.canSplit(List.of(unknown(0, new Get("a", "c", 0))))).isFalse();
        assertThat(KeyModel.canSplit(List.of(unknown(0, new Compact(3))))).isFalse();
        assertThat(
                        KeyModel.canSplit(
                                List.of(
                                        unknown(
                                                0,
                                                new Txn(
                                                        List.of(Compare.version("a", 0)),
                                                        List.of(put("b", "1")),
                                                        List.of())))))
                .isFalse();
    }

    @Test
    void a_search_that_is_given_up_is_neither_right_nor_wrong() {
        List<Operation<Request, Answer>> history = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            history.add(unknown(0, put("k" + i, "x")));
        }
        history.add(saw(5, 6, "never written", 2));

        Verdict verdict = Linearizability.check(history, new StoreModel(), 1_000);

        assertThat(verdict).isEqualTo(new Verdict.OutOfBudget(1_000));
    }

    @Test
    void a_verdict_names_the_operation_that_fits_nowhere() {
        Operation<Request, Answer> stale = saw(4, 5, "1", 2);

        Verdict verdict =
                Linearizability.check(
                        List.of(wrote(0, 1, "1", 2), wrote(2, 3, "2", 3), stale),
                        new StoreModel(),
                        BUDGET);

        assertThat(verdict).isEqualTo(new Verdict.Broken(stale, 2));
    }

    /**
     * Overlapping clients of a store that does one thing after the other, and one answer altered.
     */
    @Test
    void long_histories_of_a_right_store_pass_and_one_false_answer_shows() {
        for (long seed = 1; seed <= 20; seed++) {
            List<Operation<Request, Answer>> history = overlapping(new Random(seed), 400);
            assertThat(Linearizability.check(history, new StoreModel(), BUDGET))
                    .isInstanceOf(Verdict.Linearizable.class);

            int at = 200;
            Operation<Request, Answer> honest = history.get(at);
            history.set(
                    at, op(honest.called(), honest.returned(), get("z"), new Got(1, List.of())));
            assertThat(Linearizability.check(history, new StoreModel(), BUDGET))
                    .isInstanceOf(Verdict.Broken.class);
        }
    }

    private static List<Operation<Request, Answer>> overlapping(Random random, int count) {
        StoreModel model = new StoreModel();
        var state = model.initial();
        List<Operation<Request, Answer>> history = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            String key = String.valueOf((char) ('a' + random.nextInt(3)));
            Request request = random.nextBoolean() ? put(key, "v" + i) : get(key);
            var step = model.step(state, request);
            state = step.state();
            long called = 10L * i - random.nextInt(40);
            long returned = 10L * i + random.nextInt(40);
            history.add(op(called, returned, request, step.answer()));
        }
        return history;
    }

    private static Txn ifAbsent(String value) {
        return new Txn(
                List.of(Compare.version("a", 0)), List.of(put("a", value)), List.of(get("a")));
    }

    private static Decided decided(long revision, boolean succeeded, Answer answer) {
        return new Decided(revision, succeeded, List.of(answer));
    }

    private static Got got(long revision, String value, long modified) {
        return new Got(revision, List.of(new Item("a", value, 2, modified, modified - 1, 0)));
    }

    private static Operation<Request, Answer> wrote(
            long called, long returned, String value, long revision) {
        return op(called, returned, put("a", value), new Written(revision));
    }

    private static Operation<Request, Answer> saw(long called, long returned) {
        return op(called, returned, get("a"), new Got(1, List.of()));
    }

    private static Operation<Request, Answer> saw(
            long called, long returned, String value, long modified) {
        return op(called, returned, get("a"), got(modified, value, modified));
    }

    private static Operation<Request, Answer> op(
            long called, long returned, Request request, Answer answer) {
        return new Operation<>(request, answer, called, returned);
    }

    private static Operation<Request, Answer> unknown(long called, Request request) {
        return Operation.unknown(request, called);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    private static Case right(String name, Operation<Request, Answer>... history) {
        return new Case(name, true, List.of(history));
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    private static Case wrong(String name, Operation<Request, Answer>... history) {
        return new Case(name, false, List.of(history));
    }
}
