package flotilla.fleet.agent;

import static flotilla.fleet.agent.Rig.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.JobState;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A unit that runs a container waits for its image. */
class SupplyTest {
    private static final String UNIT = "app.service";
    private static final String RUNS =
            "[Service]\nExecStart=/usr/bin/docker run --name app -p 80:80 app:1 serve\n";
    private static final String NAMES =
            "[Service]\nExecStart=/bin/app\n[X-Fleet]\nImage=app:1 side\n";

    private final Rig rig = Rig.inCluster();

    private void tell(String text) {
        rig.tell(UNIT, rig.withText(text), JobState.LAUNCHED, 1);
    }

    private void answer(String problem) {
        Action.Fetch last = rig.fetches.getLast();
        rig.on(new Event.Fetched(last.order(), UNIT, problem));
    }

    private String health() {
        Entry said = rig.said.get(new Key.OfState(MACHINE, UNIT));
        return said instanceof Entry.OfState state ? state.state().health().words() : "nothing";
    }

    @Test
    void a_unit_starts_only_when_its_image_is_here() {
        tell(RUNS);
        assertThat(rig.words()).contains("fetch for app.service").doesNotContain("start " + UNIT);
        assertThat(rig.fetches.getLast().wishes().used()).containsExactly("app:1");

        answer("");

        assertThat(rig.words()).containsExactly("start app.service");
        assertThat(rig.active(UNIT)).isEqualTo("active");
    }

    @Test
    void what_the_unit_names_is_asked_for_as_named() {
        tell(NAMES);

        assertThat(rig.fetches.getLast().wishes().named())
                .containsExactlyInAnyOrder("app:1", "side:latest");
    }

    @Test
    void how_far_the_image_is_and_why_it_failed_is_said() {
        tell(RUNS);

        rig.on(new Event.Fetching(rig.fetches.getLast().order(), UNIT, "12 of 40 MB"));
        assertThat(health()).isEqualTo("12 of 40 MB");
        answer("no machine that is there has it");

        assertThat(health()).isEqualTo("no machine that is there has it");
    }

    @Test
    void what_failed_is_asked_for_again_and_then_the_unit_starts() {
        tell(RUNS);
        answer("core-02: connection refused");
        rig.words();

        rig.passInCluster(1_000);
        assertThat(rig.words()).containsExactly("fetch for app.service");
        answer("");

        assertThat(rig.active(UNIT)).isEqualTo("active");
        assertThat(health()).isEmpty();
    }

    @Test
    void a_unit_that_is_taken_away_meanwhile_never_starts() {
        tell(RUNS);

        rig.untell(UNIT);
        answer("");

        assertThat(rig.words()).contains("discard app.service").doesNotContain("start " + UNIT);
    }

    @Test
    void a_start_that_is_asked_for_anew_asks_for_the_image_anew() {
        tell(RUNS);
        answer("");
        rig.words();

        rig.tell(UNIT, RUNS, JobState.LAUNCHED, 2);
        assertThat(rig.words()).containsExactly("fetch for app.service");
        assertThat(rig.active(UNIT)).as("until then").isEqualTo("active");
        answer("");

        assertThat(rig.words()).containsExactly("restart app.service");
    }

    @Test
    void an_answer_to_an_earlier_question_counts_for_nothing() {
        tell(RUNS);
        Action.Fetch first = rig.fetches.getLast();
        rig.tell(UNIT, RUNS, JobState.LAUNCHED, 2);

        rig.on(new Event.Fetched(first.order(), UNIT, ""));

        assertThat(rig.words()).doesNotContain("start " + UNIT);
    }

    @Test
    void what_lies_here_is_said_under_the_lease() {
        rig.on(new Event.Holds(Set.of("a".repeat(64))));

        assertThat(rig.said).containsKey(new Key.OfHolding(MACHINE));
        rig.on(new Event.Holds(Set.of()));
        assertThat(rig.said).doesNotContainKey(new Key.OfHolding(MACHINE));
    }
}
