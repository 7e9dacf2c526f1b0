package flotilla.platform.door;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.door.Guests.Answer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GuestsTest {
    private final Guests<String> guests = new Guests<>(3);

    @Test
    void all_come_in_while_there_is_room() {
        assertThat(guests.arrive("a")).isEqualTo(new Answer.Welcome<>());
        assertThat(guests.arrive("b")).isEqualTo(new Answer.Welcome<>());
        assertThat(guests.arrive("c")).isEqualTo(new Answer.Welcome<>());
        assertThat(guests.here()).isEqualTo(3);
    }

    @Test
    void the_oldest_stranger_goes_before_whoever_has_asked_once() {
        served("a");
        guests.arrive("b");
        guests.arrive("c");

        assertThat(guests.arrive("d")).isEqualTo(new Answer.InPlaceOf<>("b"));
    }

    @Test
    void without_strangers_the_one_idle_for_longest_goes() {
        served("a");
        served("b");
        served("c");
        guests.busy("a");
        guests.idle("a");

        assertThat(guests.arrive("d")).isEqualTo(new Answer.InPlaceOf<>("b"));
    }

    @Test
    void who_is_busy_stays_and_one_more_finds_no_room() {
        for (String guest : new String[] {"a", "b", "c"}) {
            guests.arrive(guest);
            guests.busy(guest);
        }

        assertThat(guests.arrive("d")).isEqualTo(new Answer.Full<>());
        guests.gone("b");
        assertThat(guests.arrive("d")).isEqualTo(new Answer.Welcome<>());
    }

    @Test
    void who_was_sent_away_is_not_kept_by_what_it_asks_on_its_way_out() {
        served("a");
        assertThat(guests.sendAway()).isEqualTo(Optional.of("a"));

        guests.busy("a");
        guests.idle("a");

        assertThat(guests.sendAway()).isEmpty();
        assertThat(guests.here()).isEqualTo(1);
        guests.gone("a");
        assertThat(guests.here()).isZero();
    }

    @Test
    void while_those_sent_away_do_not_go_the_next_should_wait_outside() {
        for (String guest : new String[] {"a", "b", "c"}) {
            guests.arrive(guest);
        }
        assertThat(guests.crowded()).isFalse();

        assertThat(guests.arrive("d")).isEqualTo(new Answer.InPlaceOf<>("a"));
        assertThat(guests.crowded()).isTrue();

        guests.gone("a");
        assertThat(guests.crowded()).isFalse();
    }

    @Test
    void as_many_may_be_on_their_way_out_as_there_is_room_for() {
        for (String guest : new String[] {"a", "b", "c", "d", "e", "f"}) {
            guests.arrive(guest);
        }

        assertThat(guests.arrive("g")).isEqualTo(new Answer.Full<>());
        guests.gone("a");
        assertThat(guests.arrive("g")).isEqualTo(new Answer.InPlaceOf<>("d"));
    }

    private void served(String guest) {
        guests.arrive(guest);
        guests.busy(guest);
        guests.idle(guest);
    }
}
