package flotilla.store.apply.member;

import static flotilla.store.apply.member.Members.after;
import static flotilla.store.apply.member.Members.group;
import static flotilla.store.apply.member.Members.nameless;
import static flotilla.store.apply.refusal.EtcdError.NOT_ENOUGH_STARTED_MEMBERS;
import static flotilla.store.apply.refusal.EtcdError.UNHEALTHY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import flotilla.store.apply.refusal.EtcdError;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StrictCheckTest {
    private static final long NOW = TimeUnit.SECONDS.toNanos(100);
    private static final Wish ADD = new Wish.AddVoter(nameless(9));
    private static final Wish ADD_LEARNER = new Wish.AddLearner(nameless(9));
    private static final MemberBook THREE = group(1, 2, 3);
    private static final MemberBook THREE_AND_UNSTARTED =
            after(THREE, new Wish.AddVoter(nameless(4)));
    private static final MemberBook TWO_AND_LEARNER =
            after(group(1, 2), new Wish.AddLearner(nameless(4)));
    private static final MemberBook ONE_AND_UNSTARTED =
            after(group(1), new Wish.AddVoter(nameless(2)));

    /** Member 1 asks; "long" and "lately" are the others it reaches. */
    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("one becomes two", group(1), ADD, none(), none(), null),
                arguments("two, one away", group(1, 2), ADD, none(), none(), UNHEALTHY),
                arguments("two, both there", group(1, 2), ADD, ids(2), none(), null),
                arguments("three, one away", THREE, ADD, ids(2), none(), UNHEALTHY),
                arguments("three, one just back", THREE, ADD, ids(2), ids(3), UNHEALTHY),
                arguments("three, all there", THREE, ADD, ids(2, 3), none(), null),
                arguments("a learner too", THREE, ADD_LEARNER, ids(2), none(), UNHEALTHY),
                arguments("a learner, all there", THREE, ADD_LEARNER, ids(2, 3), none(), null),
                arguments(
                        "an unstarted one is there already",
                        ONE_AND_UNSTARTED,
                        ADD,
                        none(),
                        none(),
                        NOT_ENOUGH_STARTED_MEMBERS),
                arguments(
                        "three started of four", THREE_AND_UNSTARTED, ADD, ids(2, 3), none(), null),
                arguments(
                        "the last",
                        group(1),
                        remove(1),
                        none(),
                        none(),
                        NOT_ENOUGH_STARTED_MEMBERS),
                arguments(
                        "the only started of two",
                        ONE_AND_UNSTARTED,
                        remove(1),
                        none(),
                        none(),
                        NOT_ENOUGH_STARTED_MEMBERS),
                arguments(
                        "the unstarted of two", ONE_AND_UNSTARTED, remove(2), none(), none(), null),
                arguments("one of three", THREE, remove(3), ids(2, 3), none(), null),
                arguments(
                        "is demoted, another down",
                        THREE,
                        new Wish.Demote(1),
                        ids(2),
                        none(),
                        UNHEALTHY),
                arguments("the one that is down", THREE, remove(3), ids(2), none(), null),
                arguments("another than the one down", THREE, remove(2), ids(2), none(), UNHEALTHY),
                arguments("itself, another down", THREE, remove(1), ids(2), none(), UNHEALTHY),
                arguments("one just back", THREE, remove(3), ids(2), ids(3), UNHEALTHY),
                arguments("a learner goes", TWO_AND_LEARNER, remove(4), none(), none(), null),
                arguments("a stranger", THREE, remove(8), none(), none(), null),
                arguments(
                        "a learner counts as started",
                        TWO_AND_LEARNER,
                        new Wish.Promote(4),
                        none(),
                        none(),
                        null),
                arguments(
                        "a move",
                        THREE,
                        new Wish.Update(2, List.of("http://b:1")),
                        none(),
                        none(),
                        null));
    }

    private static Wish remove(long id) {
        return new Wish.Remove(id);
    }

    private static List<Long> none() {
        return List.of();
    }

    private static List<Long> ids(long... ids) {
        return LongStream.of(ids).boxed().toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_change_that_could_stop_the_cluster_is_refused_as_by_etcd(
            String name,
            MemberBook book,
            Wish wish,
            List<Long> longReached,
            List<Long> lately,
            @Nullable EtcdError refusal) {
        StrictCheck.Reach reach =
                new StrictCheck.Reach(
                        1,
                        id -> {
                            long back = lately.contains(id) ? 4 : 6;
                            return longReached.contains(id) || lately.contains(id)
                                    ? OptionalLong.of(NOW - TimeUnit.SECONDS.toNanos(back))
                                    : OptionalLong.empty();
                        },
                        NOW);
        assertThat(new StrictCheck(book, reach).refusal(wish).orElse(null)).isEqualTo(refusal);
    }

    @Test
    void a_promotion_needs_a_started_majority() {
        MemberBook book =
                after(
                        group(1, 2),
                        new Wish.AddVoter(nameless(3)),
                        new Wish.AddVoter(nameless(5)),
                        new Wish.AddVoter(nameless(6)),
                        new Wish.AddLearner(nameless(4)));
        StrictCheck.Reach reach = new StrictCheck.Reach(1, _ -> OptionalLong.empty(), NOW);
        assertThat(new StrictCheck(book, reach).refusal(new Wish.Promote(4)))
                .contains(NOT_ENOUGH_STARTED_MEMBERS);
    }

    @ParameterizedTest
    @CsvSource({"90,100,true", "89,100,false", "0,0,true", "0,1,false"})
    void a_learner_is_ready_with_nine_tenths_of_the_log(long learner, long leader, boolean ready) {
        assertThat(StrictCheck.isReady(learner, leader)).isEqualTo(ready);
    }
}
