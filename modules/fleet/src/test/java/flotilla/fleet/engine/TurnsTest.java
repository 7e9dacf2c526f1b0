package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.Now;
import flotilla.fleet.job.Turn;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Three machines; a.service is on m1, b.service on m2, everywhere.service on all of them. */
class TurnsTest {
    private static final long BEGUN = 1_800_000_000_000L;
    private static final String EVERYWHERE = "everywhere.service";

    private final Cluster cluster = new Cluster();
    private long revision;
    private long nowMillis = BEGUN;

    @BeforeEach
    void machines() {
        for (String id : new String[] {"m1", "m2", "m3"}) {
            put(new Entry.OfMachine(new Machine(id, "", id, Map.of(), Capacity.UNKNOWN, "1")));
        }
    }

    @Test
    void the_next_unit_has_its_turn_when_the_one_before_has_answered() {
        Job first = asked("a.service", 0);
        Job second = asked("b.service", 1);
        told("m1", first, 1);
        told("m2", second, 1);

        assertThat(goes(first, "m1")).isTrue();
        assertThat(goes(second, "m2")).isFalse();

        told("m1", first, 2);
        assertThat(goes(second, "m2")).isFalse();

        answered("m1", first);
        assertThat(goes(second, "m2")).isTrue();
    }

    @Test
    void units_at_the_same_position_go_together() {
        Job first = asked("a.service", 0);
        Job second = asked("b.service", 0);
        told("m1", first, 1);
        told("m2", second, 1);

        assertThat(goes(first, "m1")).isTrue();
        assertThat(goes(second, "m2")).isTrue();
    }

    @Test
    void a_unit_that_takes_too_long_is_not_waited_for_and_is_named() {
        Job first = asked("a.service", 0);
        Job second = asked("b.service", 1);
        told("m1", first, 2);
        told("m2", second, 1);

        nowMillis = BEGUN + Turns.LIMIT.toMillis() - 1;
        assertThat(goes(second, "m2")).isFalse();

        nowMillis++;
        assertThat(ask(second, "m2")).isEqualTo(new Turns.Answer(true, Optional.of("a.service")));
    }

    @Test
    void a_unit_on_several_machines_goes_from_machine_to_machine() {
        Job job = asked(EVERYWHERE, 0);
        for (String machine : new String[] {"m1", "m2", "m3"}) {
            told(machine, job, 1);
        }

        assertThat(goes(job, "m1")).isTrue();
        assertThat(goes(job, "m2")).isFalse();
        assertThat(goes(job, "m3")).isFalse();

        told("m1", job, 2);
        answered("m1", job);
        assertThat(goes(job, "m2")).isTrue();
        assertThat(goes(job, "m3")).isFalse();
    }

    @Test
    void a_machine_that_is_gone_is_not_waited_for() {
        Job job = asked(EVERYWHERE, 0);
        told("m0", job, 1);
        told("m1", job, 1);

        assertThat(goes(job, "m1")).isTrue();
    }

    @Test
    void the_next_unit_waits_for_all_machines_of_the_one_before() {
        Job first = asked(EVERYWHERE, 0);
        Job second = asked("b.service", 1);
        told("m2", second, 1);
        told("m1", first, 2);
        told("m3", first, 1);
        nowMillis = BEGUN + Turns.LIMIT.toMillis();

        assertThat(goes(second, "m2")).as("m1 is late, but m3 has not begun").isFalse();
    }

    @ParameterizedTest
    @CsvSource({"2, false", "1, true"})
    void one_that_is_left_alone_is_waited_for_once_it_was_told(long generation, boolean goes) {
        Job first = asked("a.service", 0);
        Job second = asked("b.service", 1);
        told("m1", first, generation);
        told("m2", second, 1);
        put(new Entry.Unreadable(new Key.OfOwner("a.service")));

        assertThat(goes(second, "m2")).isEqualTo(goes);
    }

    private Job asked(String unit, int position) {
        Job job = new Job(unit, "h", JobState.LAUNCHED).again(new Turn("wave", position));
        put(new Entry.OfJob(job));
        return job;
    }

    private void told(String machine, Job job, long generation) {
        Assignment told = new Assignment(job.hash(), job.desired(), generation);
        put(new Entry.OfPlacement(machine, job.name(), told, BEGUN));
    }

    /** To what the machine was told last of all. */
    private void answered(String machine, Job job) {
        put(
                new Entry.OfAcknowledgement(
                        machine,
                        job.name(),
                        new Acknowledgement(revision, job.generation(), false)));
    }

    private void put(Entry entry) {
        cluster.put(entry, ++revision);
    }

    private boolean goes(Job job, String machine) {
        return ask(job, machine).goes();
    }

    private Turns.Answer ask(Job job, String machine) {
        Now now = new Now(0, nowMillis);
        return new Turns(cluster, now, new Alarm(now)).ask(job, machine);
    }
}
