package flotilla.fleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Health;
import flotilla.fleet.job.Health.Verdict;
import flotilla.fleet.job.JobState;
import flotilla.machine.Init.JobResult;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine says of how its units fare. */
class AgentHealthTest {
    private static final String A = "a.service";
    private static final String PLAIN = Rig.KEEPS;
    private static final String CHECKED = Rig.KEEPS + "TCPHealth=127.0.0.1:1\nHealthInterval=3\n";
    private static final String ONESHOT = "[Service]\nType=oneshot\nExecStart=/bin/a\n";

    private static Rig running(String text) {
        Rig rig = Rig.inCluster();
        rig.texts.put(Rig.hash(text), text);
        rig.tell(A, text, JobState.LAUNCHED, 1);
        return rig;
    }

    private static Health said(Rig rig) {
        Entry entry = rig.said.get(new Key.OfAcknowledgement(Rig.MACHINE, A));
        return entry instanceof Entry.OfAcknowledgement answer
                ? answer.said().health()
                : new Health(Verdict.UNKNOWN, "nothing is said", 0);
    }

    private static long probes(Rig rig) {
        return rig.words().stream().filter(("probe " + A)::equals).count();
    }

    @ParameterizedTest
    @CsvSource({
        "active,       HEALTHY",
        "reloading,    HEALTHY",
        "activating,   UNKNOWN",
        "deactivating, UNKNOWN",
        "inactive,     UNHEALTHY",
        "failed,       FAILED",
    })
    void without_a_check_a_unit_is_as_the_init_says(String active, Verdict verdict) {
        Rig rig = running(PLAIN);

        rig.becomes(A, active);

        assertThat(said(rig).verdict()).isEqualTo(verdict);
        assertThat(rig.said.get(new Key.OfState(Rig.MACHINE, A)))
                .isInstanceOfSatisfying(
                        Entry.OfState.class,
                        its -> assertThat(its.state().health()).isEqualTo(said(rig)));
    }

    @Test
    void what_runs_once_is_healthy_when_it_has_run() {
        Rig rig = running(ONESHOT);

        rig.becomes(A, "inactive");

        assertThat(said(rig).verdict()).isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void a_unit_that_did_not_start_has_failed_with_words() {
        Rig rig = Rig.inCluster();
        rig.outcomes.put(A, Optional.of(JobResult.FAILED));
        rig.tell(A, PLAIN, JobState.LAUNCHED, 1);

        rig.becomes(A, "failed");

        assertThat(said(rig).text()).isEqualTo("failed: failed (success)");
    }

    @Test
    void a_check_is_asked_at_once_and_then_at_its_interval() {
        Rig rig = running(CHECKED);

        assertThat(probes(rig)).isEqualTo(1);
        assertThat(said(rig).verdict()).isEqualTo(Verdict.HEALTHY);
        rig.passInCluster(2_000);
        assertThat(probes(rig)).isZero();
        rig.passInCluster(10_000);
        assertThat(probes(rig)).isBetween(3L, 4L);
    }

    @Test
    void a_check_that_fails_is_told_with_its_words_once() {
        Rig rig = running(CHECKED);
        rig.problems.put(A, "refused 1");
        rig.passInCluster(4_000);
        Health first = said(rig);

        rig.problems.put(A, "refused 2");
        rig.passInCluster(4_000);

        assertThat(first.text()).isEqualTo("unhealthy: refused 1");
        assertThat(said(rig)).as("words alone are no news").isEqualTo(first);
        rig.problems.clear();
        rig.passInCluster(4_000);
        assertThat(said(rig)).isEqualTo(new Health(Verdict.HEALTHY, "", first.count() + 1));
    }

    @Test
    void while_a_check_does_not_answer_nothing_is_known_and_no_other_is_asked() {
        Rig rig = Rig.inCluster();
        rig.texts.put(Rig.hash(CHECKED), CHECKED);
        rig.tell(A, CHECKED, JobState.LOADED, 1);
        rig.words();
        rig.probesAnswer = false;

        rig.tell(A, CHECKED, JobState.LAUNCHED, 2);
        rig.passInCluster(60_000);

        assertThat(probes(rig)).isEqualTo(1);
        assertThat(said(rig).verdict()).isEqualTo(Verdict.UNKNOWN);
        rig.passInCluster(10_000);
        assertThat(probes(rig)).as("given up").isEqualTo(1);
    }

    @Test
    void what_is_answered_of_an_earlier_run_counts_for_nothing() {
        Rig rig = running(CHECKED);
        rig.probesAnswer = false;
        rig.passInCluster(4_000);
        rig.tell(A, CHECKED, JobState.LAUNCHED, 2);

        rig.on(new Event.Probed(rig.probes.getFirst(), A, ""));

        assertThat(said(rig).verdict()).isEqualTo(Verdict.UNKNOWN);
        rig.on(new Event.Probed(rig.probes.getLast(), A, ""));
        assertThat(said(rig).verdict()).isEqualTo(Verdict.HEALTHY);
    }

    @Test
    void a_unit_that_failed_is_not_asked() {
        Rig rig = running(CHECKED);
        rig.becomes(A, "failed");
        rig.words();

        rig.passInCluster(20_000);

        assertThat(probes(rig)).isZero();
        assertThat(said(rig).verdict()).isEqualTo(Verdict.FAILED);
    }

    @Test
    void one_that_failed_and_is_up_again_is_asked_before_anything_is_said_of_it() {
        Rig rig = running(CHECKED);
        rig.becomes(A, "failed");
        rig.probesAnswer = false;

        rig.becomes(A, "active");

        assertThat(probes(rig)).isEqualTo(2);
        assertThat(said(rig).verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void a_unit_that_is_only_loaded_is_not_asked_and_nothing_is_said_of_it() {
        Rig rig = Rig.inCluster();
        rig.texts.put(Rig.hash(CHECKED), CHECKED);

        rig.tell(A, CHECKED, JobState.LOADED, 1);
        rig.passInCluster(20_000);

        assertThat(probes(rig)).isZero();
        assertThat(said(rig)).isEqualTo(Health.UNKNOWN);
    }

    @Test
    void another_start_is_another_count_so_that_a_break_shows() {
        Rig rig = running(PLAIN);
        Health before = said(rig);

        rig.tell(A, PLAIN, JobState.LAUNCHED, 2);

        assertThat(said(rig).verdict()).isEqualTo(Verdict.HEALTHY);
        assertThat(said(rig).count()).isGreaterThan(before.count());
        assertThat(List.of(said(rig))).doesNotContain(before);
    }
}
