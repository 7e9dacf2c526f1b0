package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.Standing;
import flotilla.raft.Status;
import flotilla.raft.members.ConfState;
import flotilla.raft.progress.Progress.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The newest checkpoint ends with entry 300; member 2 is sent one. */
class LogHoldTest {
    private static final long NEWEST = 300;
    private static final long EVERYTHING = Long.MAX_VALUE;

    private final LogHold hold = new LogHold();

    @Test
    void without_checkpoints_on_their_way_all_may_go() {
        assertThat(hold.unneeded(status(100, State.REPLICATE), NEWEST)).isEqualTo(EVERYTHING);
    }

    @Test
    void nothing_goes_while_one_is_on_its_way_or_about_to_be() {
        assertThat(hold.unneeded(status(100, State.SNAPSHOT), NEWEST)).isZero();
        hold.began();
        assertThat(hold.unneeded(status(100, State.PROBE), NEWEST)).isZero();
        hold.ended(2, false);
        assertThat(hold.unneeded(status(100, State.PROBE), NEWEST)).isEqualTo(EVERYTHING);
    }

    @Test
    void what_follows_it_stays_until_its_receiver_has_caught_up() {
        hold.began();
        hold.ended(2, true);

        assertThat(hold.unneeded(status(0, State.PROBE), NEWEST)).isZero();
        assertThat(hold.unneeded(status(150, State.REPLICATE), NEWEST)).isEqualTo(150);
        assertThat(hold.unneeded(status(300, State.REPLICATE), NEWEST)).isEqualTo(EVERYTHING);
        assertThat(hold.unneeded(status(300, State.REPLICATE), 400)).isEqualTo(EVERYTHING);
    }

    @Test
    void one_that_does_not_catch_up_is_not_waited_for_for_ever() {
        hold.began();
        hold.ended(2, true);
        for (int i = 1; i < LogHold.CHECKPOINTS_MAX; i++) {
            hold.taken();
        }
        assertThat(hold.unneeded(status(150, State.REPLICATE), NEWEST)).isEqualTo(150);

        hold.taken();
        assertThat(hold.unneeded(status(150, State.REPLICATE), NEWEST)).isEqualTo(EVERYTHING);
    }

    @Test
    void who_is_no_member_any_more_needs_nothing() {
        hold.began();
        hold.ended(7, true);

        assertThat(hold.unneeded(status(150, State.REPLICATE), NEWEST)).isEqualTo(EVERYTHING);
    }

    /** Of a leader, with member 2 as it sees it. */
    private static Status status(long match, State state) {
        return new Status(
                1,
                new Standing(Standing.Kind.LEADER, 1, 1),
                400,
                400,
                400,
                400,
                ConfState.of(1, 2),
                0,
                List.of(new Status.Peer(2, match, match + 1, state, true)));
    }
}
