package flotilla.store.log.driver;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.wal.Wal;
import flotilla.store.log.wal.WalOptions;
import flotilla.store.log.wal.WalOwner;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries on their way to the disk, of which none has arrived. */
class LiveLogTest {
    private static final WalOwner OWNER = new WalOwner(1, 7);

    private Wal wal;
    private LiveLog log;

    @BeforeEach
    void begin() throws IOException {
        var directory = new SimulatedDisk().directory("wal");
        SnapshotMark mark = new SnapshotMark(0, 0, ConfState.of(1));
        Wal.create(directory, OWNER, WalOptions.DEFAULT, mark);
        wal = Wal.open(directory, OWNER, WalOptions.DEFAULT).wal();
        log = new LiveLog(wal.entries(), new Sizes(0));
    }

    @AfterEach
    void close() throws IOException {
        wal.close();
    }

    private static Entry entry(long index, long term) {
        return new Entry(index, term, Entry.Kind.NORMAL, new byte[] {1});
    }

    @Test
    void entries_that_others_replaced_are_no_longer_there() {
        List<Entry> replaced = List.of(entry(1, 1), entry(2, 1), entry(3, 1));
        log.take(null, replaced);
        List<Entry> instead = List.of(entry(2, 2));
        log.take(null, instead);

        assertThat(log.last()).isEqualTo(2);
        assertThat(log.inMemory(1, 2)).isEqualTo(Optional.of(List.of(entry(1, 1), entry(2, 2))));

        log.written(replaced);
        assertThat(log.unstored(1, 2)).as("still to be written").isEqualTo(instead);
        log.written(instead);
        assertThat(log.unstored(1, 2)).isEmpty();
    }
}
