package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a machine still runs counts by the text that it was told, not by a later one. */
class DepartureTest {
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
}
