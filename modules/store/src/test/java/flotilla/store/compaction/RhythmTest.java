package flotilla.store.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rhythm of etcd 3.4's compactors (periodic.go, revision.go), in virtual time. */
class RhythmTest {
    /** A store with a new revision a minute, and what is compacted of it. */
    private static final class Run {
        private final Rhythm rhythm;
        private final List<String> compacted = new ArrayList<>();
        private Duration now = Duration.ZERO;
        private boolean leads = true;
        private boolean works = true;

        Run(Retention retention) {
            rhythm = Rhythm.of(retention, 0, revision());
        }

        private long revision() {
            return 1 + now.toMinutes();
        }

        /** What is compacted until then, as {@code minute:revision}. */
        List<String> until(Duration end) {
            while (now.plus(rhythm.pause()).compareTo(end) <= 0) {
                now = now.plus(rhythm.pause());
                OptionalLong due = rhythm.beat(now.toNanos(), revision(), leads);
                due.ifPresent(revision -> {
                    compacted.add(now.toMinutes() + ":" + revision);
                    if (works) {
                        rhythm.compacted(now.toNanos());
                    }
                });
            }
            return compacted;
        }
    }

    private static Run time(Duration period) {
        return new Run(new Retention.Time(period));
    }

    @ParameterizedTest
    @CsvSource({"PT5S, PT0.5S", "PT30M, PT3M", "PT1H, PT6M", "PT24H, PT6M"})
    void ten_notes_are_taken_in_a_period_or_an_hour(Duration period, Duration pause) {
        assertThat(Rhythm.of(new Retention.Time(period), 0, 1).pause()).isEqualTo(pause);
    }

    @Test
    void an_hour_is_kept_and_compacted_every_hour() {
        // The oldest of eleven notes, six minutes apart: the first one at the first time.
        assertThat(time(Duration.ofHours(1)).until(Duration.ofHours(4)))
                .containsExactly("60:1", "120:55", "180:115", "240:175");
    }

    @Test
    void a_shorter_time_is_compacted_as_often() {
        assertThat(time(Duration.ofMinutes(30)).until(Duration.ofMinutes(100)))
                .containsExactly("30:1", "60:28", "90:58");
    }

    @Test
    void a_longer_time_is_waited_for_once_and_then_compacted_every_hour() {
        assertThat(time(Duration.ofHours(3)).until(Duration.ofHours(6)))
                .containsExactly("180:1", "240:55", "300:115", "360:175");
    }

    @Test
    void what_fails_is_tried_again_at_the_next_beat() {
        Run run = time(Duration.ofHours(1));
        run.works = false;
        run.until(Duration.ofMinutes(66));
        run.works = true;

        assertThat(run.until(Duration.ofMinutes(140)))
                .containsExactly("60:1", "66:1", "72:7", "132:67");
    }

    @Test
    void who_comes_to_lead_goes_on_with_the_notes_it_has_taken() {
        Run run = time(Duration.ofHours(1));
        run.leads = false;
        assertThat(run.until(Duration.ofMinutes(150))).isEmpty();
        run.leads = true;

        assertThat(run.until(Duration.ofMinutes(160))).containsExactly("156:91");
    }

    @Test
    void so_many_revisions_are_kept_and_the_others_compacted_every_five_minutes() {
        Run run = new Run(new Retention.Revisions(10));

        assertThat(run.until(Duration.ofMinutes(20))).containsExactly("10:1", "15:6", "20:11");
    }

    @Test
    void nothing_is_compacted_twice_and_what_failed_is() {
        Rhythm rhythm = Rhythm.of(new Retention.Revisions(10), 0, 1);

        assertThat(rhythm.beat(0, 30, true)).hasValue(20);
        assertThat(rhythm.beat(0, 30, true)).hasValue(20);
        rhythm.compacted(0);
        assertThat(rhythm.beat(0, 30, true)).isEmpty();
        assertThat(rhythm.beat(0, 31, false)).isEmpty();
        assertThat(rhythm.beat(0, 31, true)).hasValue(21);
        assertThat(rhythm.beat(0, 10, true)).isEmpty();
    }
}
