package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine still runs counts by each text that it may have, not by a later one. */
class DepartureTest {
    private static final String ONE = "MachineMetadata=role=one\n";

    private final World world = new World();

    @BeforeEach
    void two_machines_of_different_roles() {
        world.boots("m1", "m2");
        world.put(new Entry.OfMetadata("m1", "role", Optional.of("one")));
        world.put(new Entry.OfMetadata("m2", "role", Optional.of("two")));
    }

    @ParameterizedTest
    @CsvSource({"stop-first, withdraw a.service from m1", "start-first, start a.service on m2"})
    void a_unit_comes_once_what_conflicted_with_it_has_left(String handover, String leaves) {
        String each = "Handover=" + handover + "\nMachineMetadata=role=";
        world.job("a.service", each + "one\nConflicts=b.service", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.job("b.service", "MachineMetadata=role=one", JobState.LAUNCHED);
        assertThat(world.at(1)).isEmpty();

        world.job("a.service", each + "two", JobState.LAUNCHED);
        List<String> first = world.at(2);
        world.acknowledges("m1", "a.service");
        List<String> then = world.at(3);

        assertThat(first).hasSize(1).first().asString().startsWith(leaves);
        assertThat(then).anyMatch(words -> words.startsWith("place b.service on m1"));
    }

    @Test
    void another_text_comes_once_what_conflicts_with_it_has_left() {
        world.job("a.service", "MachineMetadata=role=one", JobState.LAUNCHED);
        world.job("b.service", "MachineMetadata=role=one", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.acknowledges("m1", "b.service");

        world.job("a.service", "MachineMetadata=role=one\nConflicts=b.service", JobState.LAUNCHED);
        List<String> first = world.at(1);
        world.acknowledges("m1", "b.service");
        world.acknowledges("m1", "a.service");
        List<String> then = world.at(2);

        assertThat(first).hasSize(1).first().asString().startsWith("withdraw ");
        assertThat(then).isNotEmpty();
    }

    @Test
    void a_lost_machine_is_waited_for_if_either_text_says_so() {
        world.job("a.service", "OnLost=stop", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");

        world.job("a.service", "OnLost=keep", JobState.LAUNCHED);
        world.dies("m1");

        assertThat(world.at(2)).isEmpty();
        assertThat(world.at(2 + World.FENCE_MILLIS / 1_000)).isNotEmpty();
    }

    /** Also by an engine that only now begins: it reads of it with what the machine is told. */
    @Test
    void a_unit_comes_once_no_text_that_its_neighbour_may_have_conflicts_with_it() {
        String first = world.job("a.service", ONE + "Conflicts=b*", JobState.LAUNCHED).hash();
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.job("b.service", ONE, JobState.LAUNCHED);
        assertThat(world.at(1)).isEmpty();

        world.job("a.service", ONE + "Memory=1M", JobState.LAUNCHED);
        assertThat(world.at(2)).containsExactly("update a.service on m1 (another text)");
        world.job("a.service", ONE + "Memory=2M", JobState.LAUNCHED);
        world.anotherEngine();
        assertThat(world.at(3)).containsExactly("update a.service on m1 (another text)");
        assertThat(world.at(4)).isEmpty();
        assertThat(world.has(new Key.OfText(first))).isTrue();
        world.acknowledges("m1", "a.service");

        assertThat(world.at(5)).singleElement().asString().startsWith("place b.service on m1");
        assertThat(world.has(new Key.OfText(first))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"start-first", "stop-first"})
    void a_unit_that_moves_waits_for_an_earlier_text_too(String handover) {
        String moves = "Handover=" + handover + "\nMachineMetadata=role=";
        world.job("a.service", ONE + "Conflicts=b*", JobState.LAUNCHED);
        world.job("b.service", moves + "two", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.acknowledges("m2", "b.service");

        world.job("a.service", ONE, JobState.LAUNCHED);
        world.job("b.service", moves + "one", JobState.LAUNCHED);
        world.at(1);
        world.acknowledges("m2", "b.service");
        world.at(2);
        assertThat(world.has(new Key.OfPlacement("m1", "b.service"))).isFalse();
        world.acknowledges("m1", "a.service");
        world.at(3);

        assertThat(world.has(new Key.OfPlacement("m1", "b.service"))).isTrue();
    }

    /** As when a rollout that let both run at once is taken back. */
    @Test
    void a_text_by_which_one_stops_first_waits_for_a_copy_that_the_text_before_overlapped() {
        String overlaps = "Handover=start-first\nMachineMetadata=role=";
        world.job("a.service", overlaps + "one", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");
        world.job("a.service", overlaps + "two", JobState.LAUNCHED);
        assertThat(world.at(1)).singleElement().asString().startsWith("start a.service on m2");

        world.job("a.service", "MachineMetadata=role=two", JobState.LAUNCHED);
        assertThat(world.at(2)).isEmpty();
        world.acknowledges("m1", "a.service");

        assertThat(world.at(3))
                .containsExactly(
                        "release a.service from m1 (belongs elsewhere)",
                        "update a.service on m2 (another text)");
    }

    /** As many as may move at once are on their way already: it has not even been told to leave. */
    @Test
    void a_unit_waits_for_one_that_must_leave_before_it_and_may_not_yet() {
        world.boots("m3");
        world.put(new Entry.OfMetadata("m3", "role", Optional.of("two")));
        for (int i = 0; i < Departures.MOVES_MAX; i++) {
            world.job("a%d.service".formatted(i), ONE, JobState.LAUNCHED);
        }
        world.job("y.service", "MachineMetadata=place=here", JobState.LAUNCHED);
        world.put(new Entry.OfMetadata("m2", "place", Optional.of("here")));
        world.at(0);

        world.put(new Entry.OfMetadata("m1", "role", Optional.of("none")));
        world.put(new Entry.OfMetadata("m3", "role", Optional.of("one")));
        world.put(new Entry.OfMetadata("m2", "place", Optional.empty()));
        world.put(new Entry.OfMetadata("m3", "place", Optional.of("here")));
        world.job("z.service", "MachineMetadata=role=two\nConflicts=y*", JobState.LAUNCHED);
        List<String> first = world.at(1);

        assertThat(first).hasSize(Departures.MOVES_MAX).allMatch(words -> words.contains(" a"));
    }

    @Test
    void a_text_that_units_beside_each_other_had_already_keeps_no_other_text_back() {
        world.job("a.service", ONE + "Memory=1M", JobState.LAUNCHED);
        world.job("b.service", ONE + "Memory=1M", JobState.LAUNCHED);
        world.at(0);
        Assignment both = world.job("a.service", "Conflicts=b*", JobState.LAUNCHED).assignment();
        world.put(new Entry.OfPlacement("m1", "a.service", both, 0));
        both = world.job("b.service", "Conflicts=a*", JobState.LAUNCHED).assignment();
        world.put(new Entry.OfPlacement("m1", "b.service", both, 0));

        world.job("a.service", ONE, JobState.LAUNCHED);
        world.job("b.service", ONE, JobState.LAUNCHED);

        assertThat(world.at(1)).hasSize(2).allMatch(words -> words.startsWith("update "));
    }

    /** It may be gone already, so it comes anew, by whatever text it has. */
    @Test
    void a_unit_that_was_to_leave_comes_back_once_what_must_not_be_beside_it_has_left() {
        world.job("a.service", ONE, JobState.LAUNCHED);
        world.job("b.service", ONE, JobState.LAUNCHED);
        world.at(0);
        Assignment shuns =
                world.job("b.service", "MachineMetadata=role=two\nConflicts=a*", JobState.LAUNCHED)
                        .assignment();
        world.put(new Entry.OfPlacement("m1", "b.service", shuns.withdrawn(), 0));
        world.put(new Entry.OfMetadata("m1", "role", Optional.of("none")));
        assertThat(world.at(1)).singleElement().asString().startsWith("withdraw a.service");

        world.put(new Entry.OfMetadata("m1", "role", Optional.of("one")));
        assertThat(world.at(2)).isEmpty();
        world.acknowledges("m1", "b.service");

        assertThat(world.at(3)).anyMatch(words -> words.startsWith("update a.service on m1"));
    }

    @Test
    void a_lost_machine_is_waited_for_by_a_text_that_it_may_still_run() {
        world.job("a.service", "OnLost=stop", JobState.LAUNCHED);
        world.at(0);
        world.acknowledges("m1", "a.service");

        world.job("a.service", "OnLost=keep", JobState.LAUNCHED);
        assertThat(world.at(1)).hasSize(1);
        world.dies("m1");

        assertThat(world.at(2)).isEmpty();
        assertThat(world.at(2 + World.FENCE_MILLIS / 1_000)).isNotEmpty();
    }
}
