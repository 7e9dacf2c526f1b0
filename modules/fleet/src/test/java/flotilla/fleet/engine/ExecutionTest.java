package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.Decision.Collect;
import flotilla.fleet.engine.Decision.Forgive;
import flotilla.fleet.engine.Event.Done;
import flotilla.fleet.engine.Event.Refused;
import flotilla.fleet.engine.Event.Unknown;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which decisions share a transaction, and what comes of each. */
class ExecutionTest {
    private static final int OPERATIONS_MAX = 3;

    private static Carry forgive(int number) {
        return new Carry(number, new Forgive("u" + number + ".service", number, ""));
    }

    private static Execution of(Carry... decided) {
        return new Execution(List.of(decided), 0, OPERATIONS_MAX);
    }

    private static int size(Execution execution) {
        return execution.next().orElseThrow().decisions().size();
    }

    @Test
    void those_of_one_kind_share_a_transaction_as_far_as_the_store_takes_it() {
        Carry collect = new Carry(5, new Collect("hash", 5, ""));
        Execution execution = of(forgive(1), forgive(2), forgive(3), forgive(4), collect);

        assertThat(size(execution)).isEqualTo(3);
        execution.done(11);
        assertThat(size(execution)).isEqualTo(1);
        execution.done(12);
        assertThat(execution.next().orElseThrow().decisions()).containsExactly(collect.decision());
        execution.done(13);

        assertThat(execution.next()).isEmpty();
        assertThat(execution.outcomes())
                .containsExactly(
                        new Done(1, 11),
                        new Done(2, 11),
                        new Done(3, 11),
                        new Done(4, 12),
                        new Done(5, 13));
    }

    @Test
    void of_several_that_are_refused_each_is_tried_alone() {
        Execution execution = of(forgive(1), forgive(2));

        execution.refused();
        assertThat(size(execution)).isEqualTo(1);
        execution.refused();
        execution.done(7);

        assertThat(execution.outcomes()).containsExactly(new Refused(1), new Done(2, 7));
    }

    @Test
    void after_an_unknown_outcome_nothing_more_is_tried() {
        Execution execution = of(forgive(1), forgive(2), forgive(3), forgive(4));
        execution.refused();
        execution.done(7);

        execution.unknown();

        assertThat(execution.next()).isEmpty();
        assertThat(execution.outcomes())
                .containsExactly(new Done(1, 7), new Unknown(2), new Refused(3), new Refused(4));
    }
}
