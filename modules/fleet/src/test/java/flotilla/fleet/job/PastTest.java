package flotilla.fleet.job;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Deed.What;
import flotilla.fleet.job.Past.Moment;
import flotilla.fleet.job.Past.Stay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where a unit was, told from where it is and what was done. */
class PastTest {
    private static final String UNIT = "a.service";
    private static final Job JOB = new Job(UNIT, "h", JobState.LAUNCHED);

    @Test
    void a_unit_that_nothing_was_done_to_for_as_long_as_is_kept_was_where_it_is() {
        Past past = new Past(List.of(), Set.of("A"), Optional.of(JobState.LAUNCHED));

        Moment then = past.at(5);

        assertThat(then.stays()).containsExactly(new Stay("A", false, Optional.empty()));
        assertThat(then.desired()).contains(JobState.LAUNCHED);
    }

    @Test
    void each_step_is_undone_on_the_way_back() {
        Deed placed = done(What.PLACED, "A").at(10);
        Deed moved = done(What.MOVED, "B").from("A").at(20);
        Past past =
                past(
                        placed,
                        done(What.WITHDRAWN, "A").at(15),
                        moved,
                        done(What.STRUCK, "B").at(30),
                        done(What.PLACED, "C").at(40));

        assertThat(past.at(9).stays()).isEmpty();
        assertThat(past.at(10).stays()).containsExactly(new Stay("A", false, Optional.of(placed)));
        assertThat(past.at(15).stays()).containsExactly(new Stay("A", true, Optional.of(placed)));
        assertThat(past.at(20).stays()).containsExactly(new Stay("B", false, Optional.of(moved)));
        assertThat(past.at(30).stays()).isEmpty();
        assertThat(machines(past.at(99))).containsExactly("C");
    }

    @Test
    void a_unit_that_starts_before_it_stops_is_on_both_machines_meanwhile() {
        Past past =
                past(
                        done(What.PLACED, "A").at(10),
                        done(What.PLACED, "C").at(20),
                        done(What.WITHDRAWN, "A").at(20),
                        done(What.RELEASED, "A").at(30));

        assertThat(machines(past.at(25))).containsExactly("A", "C");
        assertThat(past.at(25).stays().getFirst().leaving()).isTrue();
        assertThat(machines(past.at(30))).containsExactly("C");
    }

    @Test
    void one_that_may_stay_after_all_is_not_leaving() {
        Past past = past(done(What.WITHDRAWN, "C").at(10), done(What.UPDATED, "C").at(20));

        assertThat(past.at(15).stays().getFirst().leaving()).isTrue();
        assertThat(past.at(20).stays().getFirst().leaving()).isFalse();
    }

    @Test
    void what_was_wanted_is_what_was_asked_last() {
        Past past =
                past(
                        Deed.asked(What.SUBMITTED, JOB.with(JobState.INACTIVE), "ann@m", 10),
                        Deed.asked(What.LAUNCHED, JOB, "ann@m", 20),
                        Deed.asked(What.DESTROYED, JOB, "ann@m", 30));

        assertThat(past.at(9).desired()).as("nobody knows").isEmpty();
        assertThat(past.at(10).desired()).contains(JobState.INACTIVE);
        assertThat(past.at(20).desired()).contains(JobState.LAUNCHED);
        assertThat(past.at(30).desired()).isEmpty();
    }

    @Test
    void where_lines_went_for_their_number_nothing_is_known_of_what_was_before() {
        List<Deed> lines = new ArrayList<>();
        IntStream.range(100, 110).forEach(at -> lines.add(done(What.UPDATED, "C").at(at)));
        Past past = new Past(lines, Set.of("C"), Optional.empty());

        assertThat(past.knownSinceMillis(50, 11)).isEqualTo(50);
        assertThat(past.knownSinceMillis(50, 10)).isEqualTo(100);
        assertThat(past.knownSinceMillis(105, 10)).isEqualTo(105);
    }

    private static Deed done(What what, String machine) {
        return Deed.done(what, UNIT, machine, "for a reason");
    }

    /** Of a unit that is on C now. */
    private static Past past(Deed... lines) {
        return new Past(List.of(lines), Set.of("C"), Optional.of(JobState.LAUNCHED));
    }

    private static List<String> machines(Moment moment) {
        return moment.stays().stream().map(Stay::machineId).toList();
    }
}
