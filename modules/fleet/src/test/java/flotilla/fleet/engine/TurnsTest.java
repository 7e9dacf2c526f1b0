package flotilla.fleet.engine;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.JobState;
import flotilla.fleet.job.Turn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units that are started anew one after another, told as a story: {@link World}. */
class TurnsTest {
    private final World world = new World();

    @BeforeEach
    void three_units_run() {
        world.boots("m1");
        for (String unit : new String[] {"a.service", "b.service", "c.service"}) {
            world.job(unit, "", JobState.LAUNCHED);
        }
        world.at(0);
        acknowledge("a.service", "b.service", "c.service");
        world.at(1);
    }

    private void acknowledge(String... units) {
        for (String unit : units) {
            world.acknowledges("m1", unit);
        }
    }

    private void restart(String unit, int position) {
        world.put(new Entry.OfJob(world.job(unit).again(new Turn("wave", position))));
    }

    private static String anew(String unit) {
        return "update %s on m1 (to be started anew)".formatted(unit);
    }

    @Test
    void the_next_one_goes_when_the_one_before_it_has_come_back() {
        restart("c.service", 0);
        restart("a.service", 1);
        restart("b.service", 2);

        assertThat(world.at(2)).containsExactly(anew("c.service"));
        assertThat(world.at(3)).isEmpty();
        acknowledge("c.service");
        assertThat(world.at(4)).containsExactly(anew("a.service"));
        acknowledge("a.service");
        assertThat(world.at(5)).containsExactly(anew("b.service"));
        acknowledge("b.service");
        assertThat(world.at(6)).isEmpty();
    }

    @Test
    void those_at_one_position_go_together() {
        restart("a.service", 0);
        restart("b.service", 0);
        restart("c.service", 1);

        assertThat(world.at(2)).containsExactly(anew("a.service"), anew("b.service"));
        acknowledge("a.service");
        assertThat(world.at(3)).isEmpty();
        acknowledge("b.service");
        assertThat(world.at(4)).containsExactly(anew("c.service"));
    }

    @Test
    void one_that_takes_too_long_is_waited_for_no_longer_and_that_is_said() {
        restart("a.service", 0);
        restart("b.service", 1);
        restart("c.service", 2);
        world.at(10);

        assertThat(world.at(11)).isEmpty();
        assertThat(world.wakesAt()).isEqualTo(130);
        assertThat(world.at(129)).isEmpty();
        assertThat(world.at(130))
                .as("and then the limit is the next one's")
                .containsExactly(
                        "update b.service on m1 (to be started anew; a.service before it takes too"
                                + " long)");
        assertThat(world.at(249)).isEmpty();
        assertThat(world.at(250)).hasSize(1);
    }

    @Test
    void nobody_waits_for_one_that_runs_nowhere_or_is_asked_for_something_else() {
        restart("a.service", 0);
        restart("b.service", 1);
        restart("c.service", 2);
        world.at(2);
        world.job("a.service", "", JobState.INACTIVE);
        world.remove(new Key.OfJob("b.service"));

        assertThat(world.at(3)).contains("update c.service on m1 (to be started anew)");
    }

    @Test
    void another_wave_another_text_and_another_wish_wait_for_nobody() {
        restart("a.service", 0);
        world.put(new Entry.OfJob(world.job("b.service").again(new Turn("another wave", 1))));
        world.at(2);
        restart("c.service", 1);
        world.at(3);
        world.job("c.service", "Memory=1M", JobState.LAUNCHED);

        assertThat(world.at(4)).containsExactly("update c.service on m1 (another text)");
        world.at(5);
        world.put(new Entry.OfJob(world.job("b.service").with(JobState.LOADED)));
        assertThat(world.at(6)).containsExactly("update b.service on m1 (wanted loaded)");
    }

    @Test
    void a_restart_without_a_turn_goes_at_once() {
        restart("a.service", 0);
        restart("b.service", 1);
        world.put(new Entry.OfJob(world.job("c.service").with(JobState.LAUNCHED)));

        assertThat(world.at(2)).containsExactly(anew("a.service"), anew("c.service"));
    }
}
