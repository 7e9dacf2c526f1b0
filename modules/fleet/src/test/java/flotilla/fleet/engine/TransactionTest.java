package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Decision.Course;
import flotilla.fleet.engine.Decision.Hold;
import flotilla.fleet.engine.Decision.Target;
import flotilla.fleet.engine.Decision.Wish;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.engine.Transaction.Condition.Exists;
import flotilla.fleet.engine.Transaction.Condition.Unchanged;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Rollout.Policy;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What each decision rests on: when it has changed, the store refuses the decision. */
class TransactionTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final String WHY = "";
    private static final Job JOB =
            new Job("a.service", "new", JobState.LAUNCHED, 2, Optional.empty(), Optional.empty());
    private static final Wish WISH = new Wish(JOB, 7);
    private static final Target THERE = new Target("m2", 9, Set.of("old", "new"));
    private static final Hold OWNED = new Hold("m1", 5, 6, Set.of("old"), false);
    private static final Hold LOST = new Hold("m1", 5, 6, Set.of("old"), true);
    private static final Hold GLOBAL = new Hold("m1", 0, 6, Set.of("old"), false);

    private static final Key AT_M1 = new Key.OfPlacement("m1", "a.service");
    private static final Key SAID_BY_M1 = new Key.OfAcknowledgement("m1", "a.service");
    private static final Key OWNER = new Key.OfOwner("a.service");

    private static final Condition[] COMES = {
        new Unchanged(new Key.OfJob("a.service"), 7),
        new Unchanged(new Key.OfEligibility("m2"), 0),
        new Exists(new Key.OfMachine("m2")),
        new Unchanged(new Key.OfPlacement("m2", "a.service"), 9)
    };
    private static final Condition[] STAYS = {new Unchanged(AT_M1, 6), new Unchanged(OWNER, 5)};
    private static final Condition IS_GONE = new Unchanged(new Key.OfMachine("m1"), 0);
    private static final Entry TOLD_M2 =
            new Entry.OfPlacement("m2", "a.service", JOB.assignment(), NOW, Set.of("old"));
    private static final Entry M2_OWNS = new Entry.OfOwner("a.service", "m2");

    private static Transaction of(Decision decision) {
        return Transaction.of(decision, NOW);
    }

    private static Condition[] all(Condition[] some, Condition... others) {
        Condition[] all = new Condition[some.length + others.length];
        System.arraycopy(some, 0, all, 0, some.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    @Test
    void a_unit_comes_to_a_machine_that_is_there_and_open_while_nobody_else_has_it() {
        Transaction placed = of(new Decision.Place(WISH, THERE, false, WHY));

        assertThat(placed.conditions())
                .containsExactlyInAnyOrder(all(COMES, new Unchanged(OWNER, 0)));
        assertThat(placed.puts()).containsExactlyInAnyOrder(M2_OWNS, TOLD_M2);
        assertThat(placed.deletes()).isEmpty();
        assertThat(placed.size()).isEqualTo(5);
    }

    @Test
    void a_global_unit_has_no_owner() {
        Transaction placed = of(new Decision.Place(WISH, THERE, true, WHY));

        assertThat(placed.conditions()).containsExactlyInAnyOrder(COMES);
        assertThat(placed.puts()).containsExactly(TOLD_M2);
        assertThat(of(new Decision.Update(WISH, GLOBAL, WHY)).conditions())
                .containsExactlyInAnyOrder(
                        new Unchanged(new Key.OfJob("a.service"), 7), new Unchanged(AT_M1, 6));
        assertThat(of(new Decision.Release("a.service", GLOBAL, WHY)).deletes())
                .containsExactlyInAnyOrder(AT_M1, SAID_BY_M1);
    }

    @Test
    void a_unit_moves_while_its_old_machine_is_as_it_was() {
        Transaction moved = of(new Decision.Move(WISH, OWNED, THERE, WHY));

        assertThat(moved.conditions()).containsExactlyInAnyOrder(all(COMES, STAYS));
        assertThat(moved.puts()).containsExactlyInAnyOrder(M2_OWNS, TOLD_M2);
        assertThat(moved.deletes()).containsExactlyInAnyOrder(AT_M1, SAID_BY_M1);
        assertThat(of(new Decision.Move(WISH, LOST, THERE, WHY)).conditions())
                .containsExactlyInAnyOrder(all(all(COMES, STAYS), IS_GONE));
    }

    @Test
    void a_copy_that_overlaps_leaves_the_first_one_told_to_go() {
        Assignment gone = JOB.assignment().withdrawn();

        Transaction both = of(new Decision.Overlap(WISH, OWNED, gone, THERE, WHY));

        assertThat(both.conditions()).containsExactlyInAnyOrder(all(COMES, STAYS));
        assertThat(both.puts())
                .containsExactlyInAnyOrder(
                        new Entry.OfPlacement("m1", "a.service", gone, NOW, Set.of("old")),
                        M2_OWNS,
                        TOLD_M2);
        assertThat(both.deletes()).isEmpty();
    }

    @Test
    void a_machine_is_told_anew_of_what_is_still_its_own_and_still_wanted() {
        Unchanged wanted = new Unchanged(new Key.OfJob("a.service"), 7);
        Entry told = new Entry.OfPlacement("m1", "a.service", JOB.assignment(), NOW, Set.of("old"));

        Transaction updated = of(new Decision.Update(WISH, OWNED, WHY));
        assertThat(updated.conditions()).containsExactlyInAnyOrder(all(STAYS, wanted));
        assertThat(updated.puts()).containsExactly(told);

        Transaction renewed = of(new Decision.Renew(WISH, OWNED, new Course("a", 4), WHY));
        assertThat(renewed.conditions())
                .containsExactlyInAnyOrder(
                        all(STAYS, wanted, new Unchanged(new Key.OfRollout("a"), 4)));
        assertThat(renewed.puts()).containsExactly(told);
    }

    @Test
    void a_unit_is_taken_back_while_nobody_wants_it_otherwise() {
        Assignment gone = JOB.assignment().withdrawn();

        Transaction withdrawn = of(new Decision.Withdraw("a.service", 7, OWNED, gone, WHY));

        assertThat(withdrawn.conditions())
                .containsExactlyInAnyOrder(
                        all(STAYS, new Unchanged(new Key.OfJob("a.service"), 7)));
        assertThat(withdrawn.puts())
                .containsExactly(
                        new Entry.OfPlacement("m1", "a.service", gone, NOW, Set.of("old")));
        assertThat(withdrawn.deletes()).isEmpty();
    }

    @Test
    void what_a_lost_machine_had_is_given_up_only_while_it_is_lost() {
        Strikes strikes = new Strikes("new", 1, NOW, "m1");

        Transaction released = of(new Decision.Release("a.service", LOST, WHY));
        Transaction struck = of(new Decision.Strike("a.service", LOST, strikes, WHY));

        assertThat(released.conditions()).containsExactlyInAnyOrder(all(STAYS, IS_GONE));
        assertThat(released.deletes()).containsExactlyInAnyOrder(AT_M1, SAID_BY_M1, OWNER);
        assertThat(released.puts()).isEmpty();
        assertThat(struck.conditions()).containsExactlyInAnyOrder(all(STAYS, IS_GONE));
        assertThat(struck.deletes()).containsExactlyInAnyOrder(AT_M1, SAID_BY_M1, OWNER);
        assertThat(struck.puts()).containsExactly(new Entry.OfStrikes("a.service", strikes));
    }

    @Test
    void what_was_said_of_a_machine_is_forgotten_only_while_it_is_gone() {
        Key key = new Key.OfMetadata("m1", "zone");
        Sighting gone = new Sighting(5_000, NOW);
        Sighting there = new Sighting(5_000, 0);
        Unchanged sighted = new Unchanged(new Key.OfSighting("m1"), 3);

        Transaction forgotten = of(new Decision.Forget("m1", key, 3, WHY));
        assertThat(forgotten.conditions())
                .containsExactlyInAnyOrder(IS_GONE, new Unchanged(key, 3));
        assertThat(forgotten.deletes()).containsExactly(key);
        assertThat(of(new Decision.Remember("m1", gone, 3, WHY)).conditions())
                .containsExactlyInAnyOrder(IS_GONE, sighted);
        assertThat(of(new Decision.Remember("m1", there, 3, WHY)).conditions())
                .containsExactly(sighted);
        assertThat(of(new Decision.Remember("m1", there, 3, WHY)).puts())
                .containsExactly(new Entry.OfSighting("m1", there));
    }

    @Test
    void a_text_changes_only_to_one_that_is_kept_and_as_the_rollout_says() {
        Transaction next = of(new Decision.Retext(JOB, 7, new Course("a", 4), WHY));

        assertThat(next.conditions())
                .containsExactlyInAnyOrder(
                        new Unchanged(new Key.OfJob("a.service"), 7),
                        new Unchanged(new Key.OfRollout("a"), 4),
                        new Exists(new Key.OfText("new")));
        assertThat(next.puts()).containsExactly(new Entry.OfJob(JOB));
    }

    @Test
    void a_rollout_is_steered_and_ended_as_it_was_seen() {
        Rollout rollout =
                new Rollout(
                        "a@.service",
                        "new",
                        Optional.empty(),
                        Set.of("old"),
                        Policy.DEFAULT,
                        new Rollout.Stage(Rollout.Phase.RUNNING, "", NOW),
                        "me");
        Unchanged seen = new Unchanged(new Key.OfRollout(rollout.name()), 4);

        Transaction steered = of(new Decision.Steer(rollout, 4, WHY));
        assertThat(steered.conditions()).containsExactly(seen);
        assertThat(steered.puts()).containsExactly(new Entry.OfRollout(rollout));
        assertThat(of(new Decision.Dismiss(rollout.name(), 4, WHY)).conditions())
                .containsExactly(seen);
    }

    @Test
    void what_nobody_needs_is_deleted_as_it_was_seen() {
        Transaction forgiven = of(new Decision.Forgive("a.service", 3, WHY));
        assertThat(forgiven.conditions())
                .containsExactly(new Unchanged(new Key.OfStrikes("a.service"), 3));
        assertThat(forgiven.deletes()).containsExactly(new Key.OfStrikes("a.service"));

        Transaction collected = of(new Decision.Collect("old", 3, WHY));
        assertThat(collected.conditions()).containsExactly(new Unchanged(new Key.OfText("old"), 3));
        assertThat(collected.deletes()).containsExactly(new Key.OfText("old"));
    }

    @Test
    void a_condition_is_of_a_keys_last_change() {
        Key key = new Key.OfText("old");

        assertThat(new Unchanged(key, 3).holds(_ -> 3)).isTrue();
        assertThat(new Unchanged(key, 3).holds(_ -> 4)).isFalse();
        assertThat(new Exists(key).holds(_ -> 4)).isTrue();
        assertThat(new Exists(key).holds(_ -> 0)).isFalse();
    }
}
