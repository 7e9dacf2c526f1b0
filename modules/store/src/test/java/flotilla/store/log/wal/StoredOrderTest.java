package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A log of entries 1 to 4 of term 2, the first two committed, a vote given. */
class StoredOrderTest {
    private static final WalOwner OWNER = new WalOwner(1, 2);
    private static final HardState STATE = new HardState(2, 7, 2);

    private final SimulatedDisk disk = new SimulatedDisk();
    private Wal wal;

    @BeforeEach
    void a_log() throws IOException {
        Wal.create(
                disk.directory("wal"),
                OWNER,
                WalOptions.DEFAULT,
                new SnapshotMark(0, 0, ConfState.of(1)));
        wal = Wal.open(disk.directory("wal"), OWNER, WalOptions.DEFAULT).wal();
        wal.append(entries(2, 1, 2, 3, 4), STATE);
    }

    private static List<Entry> entries(long term, long... indexes) {
        return Arrays.stream(indexes)
                .mapToObj(index -> new Entry(index, term, Entry.Kind.NORMAL, new byte[0]))
                .toList();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(entries(2, 6), STATE, "entry 6 can't follow entry 4"),
                Arguments.of(entries(2, 5, 7), STATE, "can't follow"),
                Arguments.of(
                        Stream.of(entries(3, 5), entries(2, 6)).flatMap(List::stream).toList(),
                        STATE,
                        "can't follow"),
                Arguments.of(entries(3, 2), new HardState(3, 0, 2), "one that is committed"),
                Arguments.of(entries(2), new HardState(1, 7, 2), "can't follow"),
                Arguments.of(entries(2), new HardState(2, 8, 2), "takes back the vote"),
                Arguments.of(entries(2), new HardState(2, 0, 2), "takes back the vote"),
                Arguments.of(entries(2), new HardState(2, 7, 1), "can't follow"),
                Arguments.of(entries(2), new HardState(2, 7, 5), "commits more than the log has"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void what_no_member_ever_stores_stops_before_the_disk_has_it(
            List<Entry> batch, HardState state, String said) {
        disk.trouble((operation, _) -> {
            throw new AssertionError(operation + " of the disk");
        });
        assertThatThrownBy(() -> wal.append(batch, state))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(said);
    }

    @Test
    void a_new_term_has_a_vote_of_its_own_and_replaces_what_is_not_committed() throws IOException {
        wal.append(entries(3, 3), new HardState(3, 8, 3));
        wal.append(entries(3, 4), new HardState(4, 0, 4));
        wal.append(List.of(), new HardState(4, 9, 4));
    }
}
