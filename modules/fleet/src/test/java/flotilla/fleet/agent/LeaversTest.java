package flotilla.fleet.agent;

import static flotilla.fleet.agent.Rig.KEEPS;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.JobState;
import flotilla.machine.Init.JobResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who starts waits for those who leave and must not be beside it. */
class LeaversTest {
    private static final String OLD = "old@1.service";
    private static final String NEW = "new@2.service";

    private static final String APART = KEEPS + "Conflicts=new@*\n";

    /** Longer than a stop goes without a word before it is tried again. */
    private static final long LONG = 110_000;

    /** What the text of one that goes says, and that of one that comes, and who has to wait. */
    @ParameterizedTest(name = "{0} goes, {1} comes: waits {2}")
    @CsvSource({
        "'', '', false",
        "Conflicts=new@2.service, '', true",
        "'', Conflicts=old@1.service, true",
        "Conflicts=new@*, '', true",
        "'', Conflicts=o?d@[0-9].service, true",
        "Replaces=new@*, '', true",
        "'', Replaces=old@*, true",
        "Conflicts=%p@*, Conflicts=%p@*, false",
        "Conflicts=other.service, Conflicts=*.socket, false",
    })
    void a_unit_starts_when_all_have_gone_that_must_not_be_beside_it(
            String goes, String comes, boolean waits) {
        Rig rig = Rig.inCluster();
        rig.tell(OLD, rig.withText(KEEPS + goes + "\n"), JobState.LAUNCHED, 1);
        rig.deaf.add(OLD);
        rig.untell(OLD);

        rig.tell(NEW, rig.withText(KEEPS + comes + "\n#\n"), JobState.LAUNCHED, 1);

        assertThat(rig.words().contains("start new@2.service")).isEqualTo(!waits);
        rig.becomes(OLD, "inactive");
        rig.passInCluster(LONG);
        assertThat(rig.active(NEW)).isEqualTo("active");
    }

    /** As it is told when the machine comes back: by name the one that comes is the first. */
    @Test
    void a_unit_that_is_told_together_with_anothers_end_waits_for_it() {
        Rig rig = keeping();
        rig.outcomes.put(OLD, Optional.of(JobResult.FAILED));
        rig.placements.remove(OLD);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 1);
        rig.register();
        assertThat(rig.words())
                .contains("stop old@1.service")
                .doesNotContain("start new@2.service");

        rig.passInCluster(10_000);

        assertThat(rig.words()).containsSubsequence("stop old@1.service", "start new@2.service");
    }

    /** It is seen to first, by its name, and is ready. */
    @Test
    void a_unit_that_is_only_to_be_launched_waits_too() {
        Rig rig = keeping();
        rig.tell(NEW, KEEPS, JobState.LOADED, 1);
        rig.deaf.add(OLD);
        rig.placements.remove(OLD);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 1);

        rig.register();

        assertThat(rig.words())
                .contains("stop old@1.service")
                .doesNotContain("start new@2.service");
    }

    @Test
    void a_unit_waits_for_one_that_is_there_by_another_text_than_is_wanted() {
        Rig rig = keeping();
        rig.outcomes.put(OLD, Optional.of(JobResult.FAILED));
        rig.place(OLD, KEEPS, JobState.LAUNCHED, 2);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 1);
        rig.register();
        assertThat(rig.words())
                .contains("stop old@1.service")
                .doesNotContain("start new@2.service");

        rig.passInCluster(10_000);

        assertThat(rig.words()).containsSubsequence("stop old@1.service", "start new@2.service");
        assertThat(rig.active(OLD)).as("by its new text").isEqualTo("active");
    }

    @Test
    void a_unit_waits_for_one_that_is_withdrawn() {
        Rig rig = keeping();
        rig.deaf.add(OLD);
        rig.tell(OLD, APART, JobState.INACTIVE, 1);

        rig.tell(NEW, KEEPS, JobState.LAUNCHED, 1);

        assertThat(rig.words()).doesNotContain("start new@2.service");
    }

    @Test
    void a_restart_waits_too() {
        Rig rig = keeping();
        rig.tell(NEW, KEEPS, JobState.LAUNCHED, 1);
        rig.deaf.add(OLD);
        rig.untell(OLD);
        rig.words();

        rig.tell(NEW, KEEPS, JobState.LAUNCHED, 2);

        assertThat(rig.words()).doesNotContain("restart new@2.service");
    }

    @Test
    void a_daemon_that_begins_anew_knows_who_has_yet_to_go() {
        Rig rig = keeping();
        rig.deaf.add(OLD);
        rig.placements.remove(OLD);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 1);

        rig.restart();
        rig.register();

        assertThat(rig.words())
                .contains("stop old@1.service")
                .doesNotContain("start new@2.service");
    }

    /** What its text said nobody knows: it may have kept anybody away. */
    @Test
    void a_unit_waits_for_one_whose_text_is_lost() {
        Rig rig = Rig.running(OLD, KEEPS);
        rig.files.remove(OLD);
        rig.deaf.add(OLD);
        rig.placements.remove(OLD);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 1);

        rig.restart();
        rig.register();

        assertThat(rig.words())
                .contains("stop old@1.service")
                .doesNotContain("start new@2.service");
    }

    @Test
    void nobody_waits_for_ever_for_one_that_does_not_stop() {
        Rig rig = keeping();
        rig.deaf.add(OLD);
        rig.untell(OLD);
        rig.tell(NEW, KEEPS, JobState.LAUNCHED, 1);

        rig.passInCluster(4 * LONG);

        assertThat(rig.words()).containsSubsequence("kill old@1.service", "start new@2.service");
    }

    @Test
    void two_that_change_into_what_shuns_the_other_do_not_wait_for_each_other_for_ever() {
        Rig rig = Rig.inCluster();
        String shy = rig.withText(KEEPS + "Conflicts=*\n");
        rig.tell(OLD, shy, JobState.LAUNCHED, 1);
        rig.tell(NEW, shy, JobState.LAUNCHED, 1);
        rig.place(OLD, KEEPS, JobState.LAUNCHED, 2);
        rig.place(NEW, KEEPS, JobState.LAUNCHED, 2);
        rig.words();

        rig.register();
        rig.passInCluster(1_000);

        assertThat(rig.words())
                .containsSubsequence("stop new@2.service", "start new@2.service")
                .containsSubsequence("stop old@1.service", "start new@2.service")
                .containsSubsequence("stop new@2.service", "start old@1.service");
        assertThat(rig.active(OLD)).isEqualTo("active");
    }

    /** A machine that has one which keeps the other away. */
    private static Rig keeping() {
        Rig rig = Rig.inCluster();
        rig.tell(OLD, rig.withText(APART), JobState.LAUNCHED, 1);
        rig.words();
        return rig;
    }
}
