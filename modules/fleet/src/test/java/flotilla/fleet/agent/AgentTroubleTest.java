package flotilla.fleet.agent;

import static flotilla.fleet.agent.Rig.KEEPS;
import static flotilla.fleet.agent.Rig.STOPS;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.JobState;
import flotilla.machine.Init.JobResult;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of orders that go wrong, or of which nobody hears again. */
class AgentTroubleTest {
    private static final String A = "a.service";

    /** Longer than any back-off. */
    private static final long WHILE = 20_000;

    /** Longer than a start or a stop may go without a word. */
    private static final long LONG = 200_000;

    /** How the init answers, and whether it is started once more. */
    @ParameterizedTest(name = "{0}: again {1}")
    @CsvSource({
        "DONE, false",
        "FAILED, false",
        "TIMEOUT, false",
        "DEPENDENCY, false",
        "CANCELED, false",
        "NOT_LOADED, true",
        "-, true",
    })
    void a_start_is_tried_again_if_it_was_not_ordered(String result, boolean again) {
        Rig rig = Rig.inCluster();
        rig.outcomes.put(
                A, result.equals("-") ? Optional.empty() : Optional.of(JobResult.valueOf(result)));

        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.passInCluster(WHILE);

        assertThat(rig.words()).filteredOn("start a.service"::equals).hasSize(again ? 2 : 1);
        assertThat(acknowledged(rig)).isPresent();
    }

    @Test
    void what_an_earlier_run_said_late_and_its_lease_took_away_is_said_again() {
        Rig rig = Rig.inCluster();
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.passInCluster(WHILE);
        rig.said.clear();

        rig.passInCluster(WHILE);

        assertThat(acknowledged(rig)).isPresent();
        assertThat(rig.said).containsKey(new Key.OfState(Rig.MACHINE, A));
    }

    @Test
    void a_start_that_nobody_heard_of_again_is_ordered_again_and_not_acknowledged_before() {
        Rig rig = Rig.inCluster();
        rig.deaf.add(A);
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        assertThat(acknowledged(rig)).isEmpty();
        rig.deaf.clear();

        rig.passInCluster(LONG);

        assertThat(rig.active(A)).isEqualTo("active");
        assertThat(acknowledged(rig)).isPresent();
    }

    @Test
    void a_start_whose_result_was_lost_is_not_ordered_again() {
        Rig rig = Rig.inCluster();
        rig.deaf.add(A);
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.becomes(A, "active");
        rig.becomes(A, "inactive");
        rig.deaf.clear();
        rig.words();

        rig.passInCluster(LONG);

        assertThat(rig.words()).doesNotContain("start a.service");
        assertThat(acknowledged(rig)).isPresent();
    }

    @Test
    void a_start_that_takes_long_is_waited_for() {
        Rig rig = Rig.inCluster();
        rig.deaf.add(A);
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.becomes(A, "activating");
        rig.words();

        rig.passInCluster(10 * LONG);

        assertThat(rig.words()).isEmpty();
        assertThat(acknowledged(rig)).isEmpty();
    }

    @Test
    void a_start_that_takes_long_is_not_waited_for_when_its_unit_is_taken_back() {
        Rig rig = Rig.inCluster();
        rig.deaf.add(A);
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.becomes(A, "activating");
        rig.deaf.clear();
        rig.words();

        rig.untell(A);

        assertThat(rig.words()).startsWith("stop a.service", "discard a.service");
    }

    @Test
    void a_restart_that_was_lost_is_ordered_again() {
        Rig rig = Rig.running(A, KEEPS);
        rig.deaf.add(A);
        rig.tell(A, KEEPS, JobState.LAUNCHED, 2);
        rig.deaf.clear();
        rig.words();

        rig.passInCluster(2 * LONG);

        assertThat(rig.words()).containsExactly("restart a.service");
        assertThat(acknowledged(rig).orElseThrow().generation()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"''", "[Service]"})
    void a_file_that_somebody_removed_or_changed_is_written_again_and_nothing_restarted(
            String left) {
        Rig rig = Rig.running(A, KEEPS);
        if (left.isEmpty()) {
            rig.files.remove(A);
        } else {
            rig.files.put(A, left);
        }

        rig.passInCluster(60_000);

        assertThat(rig.words()).containsExactly("load a.service", "reload");
        assertThat(rig.files).containsEntry(A, KEEPS);
    }

    @Test
    void a_file_that_was_removed_while_the_daemon_was_down_is_written_again() {
        Rig rig = Rig.running(A, KEEPS);
        rig.files.remove(A);

        rig.restart();
        rig.register();

        assertThat(rig.words()).containsExactly("reload", "list", "load a.service", "reload");
        assertThat(rig.files).containsEntry(A, KEEPS);
    }

    @Test
    void a_unit_that_can_not_be_loaded_says_why_and_is_loaded_when_it_can() {
        Rig rig = Rig.inCluster();
        rig.loadProblems.put(A, "no space");
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        assertThat(loadError(rig)).isEqualTo("no space");
        assertThat(acknowledged(rig)).isEmpty();

        rig.loadProblems.clear();
        rig.passInCluster(WHILE);

        assertThat(loadError(rig)).isEmpty();
        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void another_word_is_tried_at_once_however_often_the_one_before_failed() {
        Rig rig = Rig.inCluster();
        rig.loadProblems.put(A, "no space");
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        rig.passInCluster(10 * WHILE);

        rig.loadProblems.clear();
        rig.tell(A, STOPS, JobState.LAUNCHED, 2);

        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void a_unit_that_can_not_be_loaded_and_is_wanted_no_longer_is_no_longer_spoken_of() {
        Rig rig = Rig.inCluster();
        rig.loadProblems.put(A, "no space");
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);

        rig.tell(A, KEEPS, JobState.INACTIVE, 2);

        assertThat(rig.said).containsOnlyKeys(new Key.OfAcknowledgement(Rig.MACHINE, A));
        assertThat(acknowledged(rig).orElseThrow().released()).isTrue();
    }

    @Test
    void a_text_that_is_not_in_the_store_is_said_and_asked_for_again() {
        Rig rig = Rig.inCluster();
        rig.texts.clear();
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);
        assertThat(loadError(rig)).contains(Rig.hash(KEEPS), "not in the store");

        rig.texts.put(Rig.hash(KEEPS), KEEPS);
        rig.passInCluster(WHILE);

        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void a_reload_that_nobody_heard_of_again_is_asked_for_again() {
        Rig rig = Rig.inCluster();
        rig.reloads = false;
        rig.tell(A, KEEPS, JobState.LAUNCHED, 1);

        rig.reloads = true;
        rig.passInCluster(LONG);

        assertThat(rig.active(A)).isEqualTo("active");
    }

    @Test
    void a_machines_own_unit_is_not_replaced() {
        Rig rig = Rig.inCluster();

        rig.tell("etcd.service", KEEPS, JobState.LAUNCHED, 1);
        rig.passInCluster(WHILE);

        assertThat(rig.words()).isEmpty();
    }

    @Test
    void a_stop_that_hangs_is_asked_again_then_killed_and_the_file_stays_until_it_is_over() {
        Rig rig = Rig.running(A, KEEPS);
        rig.deaf.add(A);
        rig.untell(A);
        assertThat(rig.words()).containsExactly("stop a.service");

        rig.passInCluster(2 * LONG);

        rig.passInCluster(LONG);
        assertThat(rig.words())
                .containsExactly(
                        "stop a.service",
                        "stop a.service",
                        "kill a.service",
                        "stop a.service",
                        "discard a.service",
                        "reload");
        assertThat(rig.files).isEmpty();
    }

    /** A unit that somebody started again while it stopped among them. */
    @ParameterizedTest
    @CsvSource({"CANCELED", "FAILED", "TIMEOUT", "-"})
    void a_stop_that_came_out_badly_is_asked_again(String result) {
        Rig rig = Rig.running(A, KEEPS);
        rig.outcomes.put(
                A, result.equals("-") ? Optional.empty() : Optional.of(JobResult.valueOf(result)));

        rig.untell(A);
        assertThat(rig.words()).containsExactly("stop a.service");
        rig.passInCluster(WHILE);

        assertThat(rig.words()).containsExactly("stop a.service", "discard a.service", "reload");
    }

    private static Optional<Acknowledgement> acknowledged(Rig rig) {
        return Optional.ofNullable(rig.said.get(new Key.OfAcknowledgement(Rig.MACHINE, A)))
                .map(entry -> ((Entry.OfAcknowledgement) entry).said());
    }

    private static String loadError(Rig rig) {
        Entry entry = Objects.requireNonNull(rig.said.get(new Key.OfState(Rig.MACHINE, A)));
        return ((Entry.OfState) entry).state().loadError();
    }
}
