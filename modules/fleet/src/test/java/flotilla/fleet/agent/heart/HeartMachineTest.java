package flotilla.fleet.agent.heart;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeartMachineTest {
    private static final long LEASE = 0x77;
    private static final long LONGER = 0x78;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TTL = Duration.ofSeconds(9);
    private static final Key.OfMachine KEY = new Key.OfMachine("m1");

    private final HeartMachine heart = new HeartMachine(machine("m1", "10.0.0.1"), TTL, 1_000);
    private final List<Step> last = new ArrayList<>();

    @Test
    void a_machine_is_in_the_cluster_once_its_key_is_written_under_a_lease() {
        on(new Beat.Tick(), 1_000);
        assertThat(only(Step.Grant.class).ttl()).isEqualTo(TTL);

        on(new Beat.Granted(only(Step.Grant.class).order(), LEASE), 1_100);
        assertThat(only(Step.Find.class).key()).isEqualTo(KEY);

        on(new Beat.Found(only(Step.Find.class).order(), Optional.empty()), 1_200);
        Step.Announce announce = only(Step.Announce.class);
        assertThat(announce.lease()).isEqualTo(LEASE);
        assertThat(announce.revision()).isZero();

        on(new Beat.Announced(announce.order(), 40), 1_300);
        assertThat(told())
                .as("counted from when the lease was asked for")
                .containsExactly(new Event.Registered(LEASE, 40, 1_000));
    }

    @Test
    void a_daemon_that_was_restarted_takes_the_key_over() {
        grant(1_000);

        on(found(new Entry.OfMachine(machine("m1", "10.0.0.1")), 31), 1_200);

        assertThat(only(Step.Announce.class).revision()).isEqualTo(31);
    }

    @Test
    void a_second_machine_with_the_same_id_gives_its_lease_back_and_says_so_once() {
        grant(1_000);

        on(found(new Entry.OfMachine(machine("m1", "10.0.0.2")), 31), 1_200);
        assertThat(only(Step.GiveBack.class).lease()).isEqualTo(LEASE);
        assertThat(only(Step.Complain.class).words()).contains("m1 is in use by", "10.0.0.2");

        grant(1_450);
        on(found(new Entry.OfMachine(machine("m1", "10.0.0.2")), 31), 1_500);
        assertThat(all(Step.Complain.class)).isEmpty();
        assertThat(all(Step.Announce.class)).isEmpty();
    }

    @Test
    void what_has_changed_since_it_was_looked_at_is_looked_at_again() {
        grant(1_000);
        on(new Beat.Found(only(Step.Find.class).order(), Optional.empty()), 1_200);

        on(new Beat.Overtaken(only(Step.Announce.class).order()), 1_300);
        assertThat(only(Step.GiveBack.class).lease()).isEqualTo(LEASE);
        assertThat(all(Step.Grant.class)).as("not at once").isEmpty();

        on(new Beat.Tick(), 1_550);
        assertThat(all(Step.Grant.class)).hasSize(1);
    }

    @Test
    void nobody_knows_whether_the_key_was_written_so_the_lease_is_not_used_any_more() {
        grant(1_000);
        on(new Beat.Found(only(Step.Find.class).order(), Optional.empty()), 1_200);
        long order = only(Step.Announce.class).order();

        on(new Beat.Failed(order, "timed out"), 6_000);
        assertThat(all(Step.Abandon.class)).containsExactly(new Step.Abandon(LEASE));
        assertThat(all(Step.Renew.class)).isEmpty();

        on(new Beat.Announced(order, 40), 6_100);
        assertThat(told()).as("an answer that nobody waits for").isEmpty();
    }

    @Test
    void the_lease_is_renewed_three_times_in_its_ttl_one_renewal_at_a_time() {
        enter();

        on(new Beat.Renewed(renewal, 9_000), 1_350);
        assertThat(told()).containsExactly(new Event.Renewed(LEASE, 1_100));
        on(new Beat.Tick(), 4_349);
        assertThat(all(Step.Renew.class)).isEmpty();
        on(new Beat.Tick(), 4_350);
        Step.Renew renew = only(Step.Renew.class);
        assertThat(renew.patienceMillis()).isEqualTo(3_000);
        on(new Beat.Tick(), 5_000);
        assertThat(all(Step.Renew.class)).isEmpty();

        on(new Beat.Renewed(renew.order(), 9_000), 5_100);
        assertThat(told())
                .as("counted from when it was sent, not from when it was answered")
                .containsExactly(new Event.Renewed(LEASE, 4_350));
    }

    @Test
    void a_lease_that_the_store_does_not_know_is_lost_and_replaced_at_once() {
        enter();

        on(new Beat.Renewed(renewal, 0), 1_400);

        assertThat(told()).containsExactly(new Event.LeaseLost(LEASE));
        assertThat(all(Step.Abandon.class)).containsExactly(new Step.Abandon(LEASE));
        assertThat(all(Step.Grant.class)).hasSize(1);
    }

    @Test
    void a_lease_is_lost_when_nobody_renewed_it_for_a_ttl_and_not_before() {
        enter();

        on(new Beat.Failed(renewal, "no answer"), 9_999);
        assertThat(told()).as("the lease was asked for at 1,000").isEmpty();
        on(new Beat.Tick(), 10_099);
        assertThat(all(Step.Grant.class)).isEmpty();
        on(new Beat.Failed(only(Step.Renew.class).order(), "no answer"), 10_100);

        assertThat(told()).containsExactly(new Event.LeaseLost(LEASE));
        assertThat(all(Step.Grant.class)).hasSize(1);
    }

    @Test
    void a_question_that_is_never_answered_is_asked_anew() {
        on(new Beat.Tick(), 1_000);
        assertThat(all(Step.Grant.class)).hasSize(1);

        on(new Beat.Tick(), 61_000);
        on(new Beat.Tick(), 61_250);

        assertThat(all(Step.Grant.class)).hasSize(1);
    }

    @Test
    void a_lease_that_comes_too_late_is_given_back() {
        on(new Beat.Tick(), 1_000);
        long order = only(Step.Grant.class).order();
        on(new Beat.End(true), 1_100);
        assertThat(all(Step.Ended.class)).hasSize(1);

        on(new Beat.Granted(order, LEASE), 1_200);

        assertThat(only(Step.GiveBack.class).lease()).isEqualTo(LEASE);
        assertThat(all(Step.Find.class)).isEmpty();
    }

    @Test
    void a_machine_that_leaves_says_so_and_does_not_come_back_when_its_lease_is_lost() {
        enter();

        on(new Beat.Leave(false), 1_400);
        Step.SayLeaving say = only(Step.SayLeaving.class);
        assertThat(say.how()).isEqualTo(new Entry.OfLeaving("m1", false));
        assertThat(say.revision()).as("of what it wrote, and no later key").isEqualTo(40);
        on(new Beat.LeavingSaid(), 1_500);
        assertThat(all(Step.Left.class)).hasSize(1);
        on(new Beat.Renewed(renewal, 0), 1_600);

        assertThat(told()).containsExactly(new Event.LeaseLost(LEASE));
        assertThat(all(Step.Grant.class)).isEmpty();
        on(new Beat.Tick(), 9_000);
        assertThat(last).isEmpty();
    }

    @Test
    void a_machine_that_is_not_in_the_cluster_has_nothing_to_say_of_leaving() {
        grant(1_000);

        on(new Beat.Leave(true), 1_200);

        assertThat(all(Step.SayLeaving.class)).isEmpty();
        assertThat(all(Step.Left.class)).hasSize(1);
    }

    @Test
    void it_is_over_once_the_lease_is_given_back_and_at_once_when_it_is_abandoned() {
        enter();
        on(new Beat.End(true), 1_400);
        assertThat(all(Step.Ended.class)).isEmpty();
        on(new Beat.GivenBack(only(Step.GiveBack.class).order()), 1_500);
        assertThat(all(Step.Ended.class)).hasSize(1);

        HeartMachineTest other = new HeartMachineTest();
        other.enter();
        other.on(new Beat.End(false), 1_400);
        assertThat(other.last).containsExactly(new Step.Abandon(LEASE), new Step.Ended());
    }

    @Test
    void a_machine_whose_daemon_goes_in_order_counts_under_a_longer_lease() {
        enter();

        on(new Beat.Stay(MINUTE), 1_400);
        Step.Grant grant = only(Step.Grant.class);
        assertThat(grant.ttl()).isEqualTo(MINUTE);
        on(new Beat.Granted(grant.order(), LONGER), 1_450);
        Step.Announce announce = only(Step.Announce.class);
        assertThat(announce.lease()).isEqualTo(LONGER);
        assertThat(announce.revision()).as("of what it wrote, and no other key").isEqualTo(40);
        assertThat(told()).isEmpty();
        on(new Beat.Announced(announce.order(), 41), 1_500);

        assertThat(all(Step.Abandon.class)).as("its words still stand under it").hasSize(1);
        assertThat(told())
                .as("so that what the agent says goes under the longer lease too")
                .containsExactly(new Event.Registered(LONGER, 41, 1_400));
        assertThat(all(Step.Left.class)).hasSize(1);
        on(new Beat.End(false), 1_600);
        assertThat(last).containsExactly(new Step.Abandon(LONGER), new Step.Ended());
    }

    /** Nobody may know then whether the key was written, and it does no harm. */
    @Test
    void a_daemon_that_goes_does_not_wait_for_what_can_not_be_said() {
        enter();
        on(new Beat.Stay(MINUTE), 1_400);
        on(new Beat.Failed(only(Step.Grant.class).order(), "no answer"), 1_500);
        assertThat(last).containsExactly(new Step.Left());

        on(new Beat.Stay(MINUTE), 1_600);
        on(new Beat.Granted(only(Step.Grant.class).order(), LONGER), 1_650);
        on(new Beat.Overtaken(only(Step.Announce.class).order()), 1_700);
        assertThat(last).containsExactly(new Step.Left());

        on(new Beat.Stay(MINUTE), 1_800);
        on(new Beat.Renewed(renewal, 0), 1_900);
        assertThat(told()).containsExactly(new Event.LeaseLost(LEASE));
        assertThat(all(Step.Left.class)).hasSize(1);

        on(new Beat.Stay(MINUTE), 1_950);
        assertThat(last).as("it is not in the cluster").containsExactly(new Step.Left());
    }

    @Test
    void who_the_members_are_is_asked_on_entering_and_every_minute() {
        enter();
        assertThat(all(Step.LearnMembers.class)).hasSize(1);
        on(new Beat.Renewed(renewal, 9_000), 1_350);

        on(new Beat.Tick(), 61_299);
        assertThat(all(Step.LearnMembers.class)).isEmpty();
        on(new Beat.Tick(), 61_300);
        assertThat(all(Step.LearnMembers.class)).hasSize(1);
    }

    private long renewal;

    /** Asked for at 1,000, and in at 1,300; the first renewal was sent at 1,100. */
    private void enter() {
        grant(1_000);
        renewal = only(Step.Renew.class).order();
        on(new Beat.Found(only(Step.Find.class).order(), Optional.empty()), 1_200);
        on(new Beat.Announced(only(Step.Announce.class).order(), 40), 1_300);
    }

    private void grant(long atMillis) {
        on(new Beat.Tick(), atMillis);
        on(new Beat.Granted(only(Step.Grant.class).order(), LEASE), atMillis + 100);
    }

    private Beat found(Entry entry, long revision) {
        long order = only(Step.Find.class).order();
        return new Beat.Found(order, Optional.of(new Stored(entry, revision)));
    }

    private void on(Beat beat, long nowMillis) {
        last.clear();
        last.addAll(heart.on(beat, nowMillis));
        last.removeIf(Step.WakeAt.class::isInstance);
    }

    private <S extends Step> List<S> all(Class<S> kind) {
        return last.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private <S extends Step> S only(Class<S> kind) {
        assertThat(all(kind)).as(kind.getSimpleName()).hasSize(1);
        return all(kind).getFirst();
    }

    private List<Event> told() {
        return all(Step.Tell.class).stream().map(Step.Tell::event).toList();
    }

    private static Machine machine(String id, String address) {
        return new Machine(id, address, "host-" + address, Map.of(), Capacity.UNKNOWN, "1.0.0");
    }
}
