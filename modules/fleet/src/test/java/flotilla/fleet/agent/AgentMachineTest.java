package flotilla.fleet.agent;

import static flotilla.fleet.agent.Rig.KEEPS;
import static flotilla.fleet.agent.Rig.STOPS;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What units come to, told this and that; {@link AgentTroubleTest} has what goes wrong. */
class AgentMachineTest {
    private static final String A = "a.service";

    private static final long WHILE = 20_000;

    /** Longer than a start or a stop may go without a word. */
    private static final long LONG = 200_000;

    /** Told state, text and generation, after a unit was launched with text k at 1. */
    @ParameterizedTest(name = "then told {0}: {1}")
    @CsvSource({
        "LAUNCHED k 1, ''",
        "LAUNCHED k 2, restart a.service",
        "LAUNCHED k 7, restart a.service",
        "LOADED   k 2, stop a.service",
        "INACTIVE k 2, stop a.service|discard a.service|reload",
        "LAUNCHED s 2, stop a.service|discard a.service|reload|load a.service|reload|start a.service",
        "LOADED   s 2, stop a.service|discard a.service|reload|load a.service|reload",
    })
    void a_unit_that_runs(String told, String done) {
        Rig rig = Rig.running(A, KEEPS);
        String[] words = told.split(" +");

        rig.tell(
                A,
                words[1].equals("k") ? KEEPS : STOPS,
                JobState.valueOf(words[0]),
                Long.parseLong(words[2]));

        assertThat(String.join("|", rig.words())).isEqualTo(done);
        assertThat(acknowledged(rig))
                .isEqualTo(
                        Optional.of(
                                new Acknowledgement(
                                        rig.revision,
                                        Long.parseLong(words[2]),
                                        words[0].equals("INACTIVE"))));
    }

    /** Told state, and what is done for a unit that the machine has nothing of. */
    @ParameterizedTest(name = "told {0}: {1}")
    @CsvSource({
        "LAUNCHED, load a.service|reload|start a.service",
        "LOADED,   load a.service|reload",
        "INACTIVE, ''",
    })
    void a_unit_that_is_new(JobState told, String done) {
        Rig rig = Rig.inCluster();

        rig.tell(A, KEEPS, told, 1);

        assertThat(String.join("|", rig.words())).isEqualTo(done);
        assertThat(acknowledged(rig))
                .isEqualTo(
                        Optional.of(
                                new Acknowledgement(rig.revision, 1, told == JobState.INACTIVE)));
    }

    @Test
    void a_unit_that_is_no_longer_this_machines_goes_with_all_that_was_said_of_it() {
        Rig rig = Rig.running(A, KEEPS);

        rig.untell(A);

        assertThat(rig.words()).containsExactly("stop a.service", "discard a.service", "reload");
        assertThat(rig.said).isEmpty();
        assertThat(rig.diary).isEmpty();
    }

    @Test
    void many_units_are_read_by_the_init_once() {
        Rig rig = Rig.inCluster();
        rig.storeAnswers = false;
        for (int i = 0; i < 300; i++) {
            rig.tell("u" + i + ".service", KEEPS, JobState.LOADED, 1);
        }

        rig.storeAnswers = true;
        rig.passInCluster(WHILE);

        assertThat(rig.words()).filteredOn("reload"::equals).hasSize(1);
        assertThat(rig.said).hasSize(600);
    }

    @ParameterizedTest
    @CsvSource({"inactive", "failed"})
    void a_unit_that_ended_by_itself_or_by_hand_is_not_started_again(String active) {
        Rig rig = Rig.running(A, KEEPS);

        rig.becomes(A, active);
        rig.passInCluster(LONG);
        rig.restart();
        rig.register();
        rig.passInCluster(LONG);

        assertThat(rig.words()).doesNotContain("start a.service", "restart a.service");
    }

    @Test
    void what_runs_from_before_the_daemon_began_runs_on() {
        Rig rig = Rig.running(A, KEEPS);

        rig.restart();
        rig.register();

        assertThat(rig.words())
                .as("an earlier daemon may have written what the init has not read")
                .containsExactly("reload", "list");
        assertThat(rig.active(A)).isEqualTo("active");
        assertThat(acknowledged(rig)).isPresent();
    }

    @Test
    void a_unit_that_was_being_unloaded_when_the_daemon_died_is_started_if_it_is_wanted_again() {
        Rig rig = Rig.running(A, KEEPS);
        rig.deaf.add(A);
        rig.untell(A);
        rig.becomes(A, "inactive");
        rig.deaf.clear();
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);

        rig.restart();
        rig.register();

        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void what_the_store_may_not_have_heard_is_said_again() {
        Rig rig = Rig.running(A, KEEPS);
        rig.storeAnswers = false;
        rig.becomes(A, "failed");
        rig.storeAnswers = true;

        rig.passInCluster(1_000);

        assertThat(rig.said.values())
                .filteredOn(entry ->
                        entry instanceof Entry.OfState(var state)
                                && state.active().equals("failed"))
                .hasSize(1);
    }

    /** A write whose answer was lost may be done after a later one. */
    @Test
    void what_may_have_been_said_late_is_set_right() {
        Rig rig = Rig.running(A, KEEPS);
        Key key = new Key.OfAcknowledgement(Rig.MACHINE, A);
        rig.storeAnswers = false;
        rig.becomes(A, "failed");
        rig.storeAnswers = true;
        rig.passInCluster(10_000);
        Entry right = rig.said.get(key);

        rig.said.put(key, new Entry.Unreadable(key));
        Key left = new Key.OfState(Rig.MACHINE, "gone.service");
        rig.said.put(left, new Entry.Unreadable(left));
        rig.passInCluster(LONG);

        assertThat(rig.said).containsEntry(key, right).doesNotContainKey(left);
    }

    @Test
    void under_a_new_lease_all_is_said_again_and_what_nobody_says_any_more_is_removed() {
        Rig rig = Rig.running(A, KEEPS);
        var before = List.copyOf(rig.said.values());
        Key other = new Key.OfAcknowledgement(Rig.MACHINE, "other.service");
        rig.said.clear();
        rig.said.put(
                other,
                new Entry.OfAcknowledgement(
                        Rig.MACHINE, "other.service", new Acknowledgement(1, 1, false)));

        rig.register();

        assertThat(rig.said.values()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void of_what_can_not_be_read_a_unit_stays_as_it_is() {
        Rig rig = Rig.running(A, KEEPS);
        rig.placements.clear();
        rig.unreadable.addAll(List.of(A, "b.service"));

        rig.register();
        rig.passInCluster(WHILE);

        assertThat(rig.words()).containsExactly("list");
        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void a_machine_that_leaves_gives_all_up_and_says_when_it_has() {
        Rig rig = Rig.running(A, KEEPS);
        rig.tell("b.service", STOPS, JobState.LAUNCHED, 1);
        rig.deaf.add("b.service");
        rig.words();

        rig.on(new Event.Leave());
        assertThat(rig.words()).doesNotContain("left");
        rig.becomes("b.service", "inactive");
        rig.passInCluster(LONG);

        assertThat(rig.words()).contains("left");
        assertThat(rig.diary).isEmpty();
    }

    private static Optional<Acknowledgement> acknowledged(Rig rig) {
        return Optional.ofNullable(rig.said.get(new Key.OfAcknowledgement(Rig.MACHINE, A)))
                .map(entry -> ((Entry.OfAcknowledgement) entry).said())
                // How the unit fares is another test's.
                .map(said ->
                        new Acknowledgement(said.placement(), said.generation(), said.released()));
    }
}
