package flotilla.store.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.StateHash;
import flotilla.store.log.Transport;
import flotilla.store.log.driver.HandLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private static final StateHash BEHIND = new StateHash(29, 9, -1, OptionalInt.empty());
    private static final StateHash HASHED = new StateHash(30, 10, -1, OptionalInt.of(7));
    private static final StateHash COMPACTED = new StateHash(40, 20, 15, OptionalInt.empty());

    /** It has applied all that the asker has, and came out elsewhere. */
    private static final StateHash ASTRAY = new StateHash(30, 9, -1, OptionalInt.empty());

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Script others = new Script();
    private final HandLoop loop = new HandLoop();
    private final Means means = new Means(Runnable::run, loop, new SplittableRandom(1));

    /** However long it takes. */
    private Inquiry.Answers answers(Inquiry inquiry) {
        CompletableFuture<Inquiry.Answers> answers = inquiry.ask(HASHED);
        loop.pass(PAUSE.multipliedBy(100).toNanos());
        return answers.resultNow();
    }

    /** Each member answers what it was told to, one after the other, the last for ever. */
    private static final class Script implements OtherStates {
        private final Map<Long, Deque<Object>> answers = new TreeMap<>();
        private final List<Long> checks = new ArrayList<>();

        void member(long id, Object... says) {
            answers.put(id, new ArrayDeque<>(List.of(says)));
        }

        @Override
        public List<Membership.Peer> members() {
            return answers.keySet().stream()
                    .map(id -> new Membership.Peer(id, "m" + id, List.of("http://127.0.0.1:1")))
                    .toList();
        }

        @Override
        public CompletableFuture<StateHash> hash(long member, long revision, long check) {
            assertThat(revision).isEqualTo(10);
            checks.add(check);
            Deque<Object> left = Objects.requireNonNull(answers.get(member));
            Object answer = left.size() > 1 ? left.remove() : left.element();
            return answer instanceof StateHash state
                    ? CompletableFuture.completedFuture(state)
                    : CompletableFuture.failedFuture((Exception) answer);
        }
    }

    @Test
    void one_that_is_behind_is_asked_again_until_it_has_come_up() {
        others.member(2, BEHIND, BEHIND, HASHED);
        others.member(3, HASHED);

        var answers = answers(Inquiry.waiting(others, means, PAUSE));

        assertThat(answers.states()).isEqualTo(Map.of(2L, HASHED, 3L, HASHED));
        assertThat(others.checks).as("three for one, one for the other").hasSize(4);
    }

    @Test
    void one_that_stays_behind_is_not_asked_for_ever() {
        others.member(2, BEHIND);

        assertThat(answers(Inquiry.waiting(others, means, PAUSE)).states())
                .isEqualTo(Map.of(2L, BEHIND));
    }

    @Test
    void nobody_waits_for_who_is_behind_when_all_may_be_starting() {
        others.member(2, BEHIND, HASHED);

        assertThat(answers(Inquiry.atOnce(others, means, PAUSE)).states())
                .isEqualTo(Map.of(2L, BEHIND));
    }

    @Test
    void what_is_compacted_already_does_not_come_back() {
        others.member(2, COMPACTED, HASHED);

        assertThat(answers(Inquiry.waiting(others, means, PAUSE)).states())
                .isEqualTo(Map.of(2L, COMPACTED));
    }

    @Test
    void what_will_not_come_up_is_not_waited_for() {
        others.member(2, ASTRAY, HASHED);

        assertThat(answers(Inquiry.waiting(others, means, PAUSE)).states())
                .isEqualTo(Map.of(2L, ASTRAY));
    }

    @Test
    void one_that_does_not_tell_how_much_it_has_applied_may_come_up() {
        others.member(2, new StateHash(0, 9, -1, OptionalInt.empty()), HASHED);

        assertThat(answers(Inquiry.waiting(others, means, PAUSE)).states())
                .isEqualTo(Map.of(2L, HASHED));
    }

    @Test
    void a_pass_that_takes_long_is_asked_for_again_by_its_number() {
        others.member(2, new IOException("it took longer than 5000 ms"), HASHED);

        var answers = answers(Inquiry.atOnce(others, means, PAUSE));

        assertThat(answers.states()).isEqualTo(Map.of(2L, HASHED));
        assertThat(answers.silent()).isEmpty();
        assertThat(others.checks).hasSize(2);
        assertThat(others.checks.getFirst()).isEqualTo(others.checks.getLast());
    }

    @Test
    void who_is_not_there_or_will_never_tell_is_passed_over_with_the_reason() {
        others.member(2, new Transport.Unsent("nothing was sent"), HASHED);
        others.member(3, new UnsupportedOperationException("an earlier version"), HASHED);
        others.member(4, new IOException("it is silent"));

        var answers = answers(Inquiry.waiting(others, means, PAUSE));

        assertThat(answers.states()).isEmpty();
        assertThat(answers.silent())
                .isEqualTo(
                        Map.of(
                                2L,
                                "nothing was sent",
                                3L,
                                "an earlier version",
                                4L,
                                "it is silent"));
    }
}
