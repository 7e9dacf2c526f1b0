package flotilla.store.log.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.disk.Directory;
import flotilla.platform.disk.SimulatedDisk;
import flotilla.platform.disk.SimulatedDisk.Operation;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WalTest {
    private static final WalOwner OWNER = new WalOwner(1, 2);
    private static final WalOptions NO_CACHE = new WalOptions(8_000, 1_024, 0);
    private static final WalOptions CACHED = new WalOptions(8_000, 1_024, 1_500);
    private static final ConfState MEMBERS = ConfState.of(1, 2, 3);
    private static final int DATA_BYTES = 200;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Directory directory = disk.directory("wal");

    @BeforeEach
    void an_empty_log() throws IOException {
        Wal.create(directory, OWNER, NO_CACHE, new SnapshotMark(0, 0, MEMBERS));
    }

    private Wal open() throws IOException {
        return Wal.open(directory, OWNER, NO_CACHE).wal();
    }

    private static Entry entry(long index, long term) {
        byte[] data = new byte[DATA_BYTES];
        Arrays.fill(data, (byte) (index * 31 + term));
        return new Entry(index, term, Entry.Kind.NORMAL, data);
    }

    private static List<Entry> entries(long first, long last, long term) {
        return LongStream.rangeClosed(first, last).mapToObj(index -> entry(index, term)).toList();
    }

    private static void append(Wal wal, List<Entry> batch) throws IOException {
        long term = batch.getLast().term();
        wal.append(batch, new HardState(term, 0, 0));
    }

    @Test
    void entries_are_read_by_range_and_budget_from_the_disk_and_from_the_cache()
            throws IOException {
        for (WalOptions options : List.of(NO_CACHE, CACHED)) {
            try (Wal wal = Wal.open(directory, OWNER, options).wal()) {
                append(wal, entries(1, 100, 1));
                StoredEntries stored = wal.entries();

                assertThat(stored.read(1, 101, Long.MAX_VALUE)).isEqualTo(entries(1, 100, 1));
                assertThat(stored.read(95, 99, Long.MAX_VALUE)).isEqualTo(entries(95, 98, 1));
                assertThat(stored.read(50, 101, 3 * DATA_BYTES)).isEqualTo(entries(50, 52, 1));
                assertThat(stored.read(97, 101, 3 * DATA_BYTES - 1)).isEqualTo(entries(97, 98, 1));
                assertThat(stored.read(50, 101, 0)).isEqualTo(entries(50, 50, 1));
                assertThat(stored.read(101, 102, 1_000)).isEmpty();
                assertThat(stored.read(0, 102, 1_000)).isEmpty();
            }
            directory.names().forEach(this::delete);
            an_empty_log();
        }
    }

    private void delete(String name) {
        try {
            directory.delete(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void terms_are_told_without_asking_the_disk() throws IOException {
        try (Wal wal = open()) {
            append(wal, entries(1, 40, 1));
            append(wal, entries(41, 60, 3));
        }
        StoredEntries stored = open().entries();

        disk.trouble((operation, _) -> {
            throw new IOException(operation + " of the disk");
        });

        assertThat(stored.term(0)).hasValue(0);
        assertThat(stored.term(40)).hasValue(1);
        assertThat(stored.term(41)).hasValue(3);
        assertThat(stored.term(60)).hasValue(3);
        assertThat(stored.term(61)).isEmpty();
    }

    @Test
    void entries_of_a_later_term_take_the_place_of_others_and_of_all_after_them()
            throws IOException {
        for (WalOptions options : List.of(NO_CACHE, CACHED)) {
            Wal wal = Wal.open(directory, OWNER, options).wal();
            append(wal, entries(1, 100, 1));
            append(wal, entries(60, 62, 2));

            for (StoredEntries stored : List.of(wal.entries(), open().entries())) {
                assertThat(stored.last()).isEqualTo(62);
                assertThat(stored.term(62)).hasValue(2);
                assertThat(stored.term(63)).isEmpty();
                assertThat(stored.read(58, 100, Long.MAX_VALUE))
                        .containsExactly(
                                entry(58, 1),
                                entry(59, 1),
                                entry(60, 2),
                                entry(61, 2),
                                entry(62, 2));
            }
            directory.names().forEach(this::delete);
            an_empty_log();
        }
    }

    @Test
    void a_snapshot_of_more_than_the_log_is_where_the_log_goes_on() throws IOException {
        Wal wal = open();
        append(wal, entries(1, 10, 1));
        wal.mark(new SnapshotMark(50, 4, MEMBERS));
        wal.append(entries(51, 55, 4), new HardState(4, 0, 50));
        wal.sync();

        for (StoredEntries stored : List.of(wal.entries(), open().entries())) {
            assertThat(stored.begin()).isEqualTo(50);
            assertThat(stored.term(50)).hasValue(4);
            assertThat(stored.term(10)).isEmpty();
            assertThat(stored.read(5, 60, 1_000)).isEmpty();
            assertThat(stored.read(51, 60, 100_000)).isEqualTo(entries(51, 55, 4));
        }
    }

    @Test
    void a_snapshot_of_what_the_log_holds_changes_no_entry() throws IOException {
        Wal wal = open();
        wal.append(entries(1, 10, 1), new HardState(1, 0, 8));
        wal.mark(new SnapshotMark(8, 1, MEMBERS));
        wal.sync();

        Opened again = Wal.open(directory, OWNER, NO_CACHE);
        assertThat(again.wal().entries().read(1, 11, 100_000)).isEqualTo(entries(1, 10, 1));
        assertThat(again.marks())
                .containsExactly(new SnapshotMark(0, 0, MEMBERS), new SnapshotMark(8, 1, MEMBERS));
    }

    @Test
    void released_files_go_and_the_log_still_goes_on_from_the_entry_named() throws IOException {
        Wal wal = open();
        for (int i = 0; i < 10; i++) {
            append(wal, entries(i * 20 + 1, i * 20 + 20, 1));
        }
        int before = directory.names().size();

        wal.release(130);

        assertThat(directory.names().size()).isLessThan(before - 2);
        for (StoredEntries stored : List.of(wal.entries(), open().entries())) {
            assertThat(stored.begin()).isPositive().isLessThanOrEqualTo(130);
            assertThat(stored.term(130)).hasValue(1);
            assertThat(stored.term(stored.begin())).hasValue(1);
            assertThat(stored.read(1, 10, 1_000)).isEmpty();
            assertThat(stored.read(131, 201, 100_000)).isEqualTo(entries(131, 200, 1));
        }
    }

    @Test
    void nobody_who_reads_waits_for_an_fsync() throws IOException {
        Wal wal = open();
        append(wal, entries(1, 10, 1));
        StringBuilder read = new StringBuilder();
        disk.trouble((operation, _) -> {
            if (operation == Operation.SYNC) {
                disk.trouble((_, _) -> {});
                read.append(
                        CompletableFuture.supplyAsync(
                                        () -> {
                                            try {
                                                return wal.entries().read(3, 5, 10_000).size()
                                                        + " up to "
                                                        + wal.entries().last();
                                            } catch (IOException e) {
                                                throw new AssertionError(e);
                                            }
                                        })
                                .join());
            }
        });

        wal.sync();

        assertThat(read).hasToString("2 up to 10");
    }

    @Test
    void the_first_failed_fsync_is_the_end_of_the_log() throws IOException {
        Wal wal = open();
        append(wal, entries(1, 3, 1));
        disk.trouble((operation, _) -> {
            if (operation == Operation.SYNC) {
                throw new IOException("Input/output error");
            }
        });
        assertThatThrownBy(wal::sync)
                .isInstanceOf(LogEnded.class)
                .hasMessageContaining("can't force wal/" + SegmentName.FIRST)
                .hasMessageContaining("Input/output error");

        disk.trouble((_, _) -> {});

        assertThatThrownBy(wal::sync).isInstanceOf(LogEnded.class);
        assertThatThrownBy(() -> append(wal, entries(4, 5, 1))).isInstanceOf(LogEnded.class);
        assertThatThrownBy(() -> wal.mark(new SnapshotMark(3, 1, MEMBERS)))
                .isInstanceOf(LogEnded.class);
        assertThat(wal.entries().last()).isEqualTo(3);
    }

    @Test
    void a_disk_that_gets_full_within_a_record_keeps_all_before_it() throws IOException {
        Wal wal = open();
        append(wal, entries(1, 3, 1));
        wal.sync();
        disk.limit(2_000);

        assertThatThrownBy(() -> append(wal, entries(4, 30, 1)))
                .isInstanceOf(LogEnded.class)
                .hasMessageContaining("No space left on device");
        assertThat(wal.entries().last()).isEqualTo(3);

        Wal again = Wal.open(directory, OWNER, NO_CACHE).wal();
        assertThat(again.entries().read(1, 10, 10_000)).isEqualTo(entries(1, 3, 1));
        assertThatThrownBy(() -> append(again, entries(4, 30, 1))).isInstanceOf(LogEnded.class);
    }

    @Test
    void a_torn_end_is_cut_off_and_said() throws IOException {
        Wal wal = open();
        append(wal, entries(1, 3, 1));
        wal.sync();
        append(wal, entries(4, 9, 1));

        SplittableRandom chance = new SplittableRandom(3);
        boolean said = false;
        for (int i = 0; i < 50; i++) {
            Directory left = disk.afterPowerCut(chance).directory("wal");
            Opened opened = Wal.open(left, OWNER, NO_CACHE);
            assertThat(opened.wal().entries().last()).isBetween(3L, 9L);
            if (opened.torn().isPresent()) {
                said = true;
                assertThat(opened.torn().get().toString())
                        .contains("wal/" + SegmentName.FIRST, "are cut off");
                assertThat(Wal.open(left, OWNER, NO_CACHE).torn()).isEmpty();
            }
        }
        assertThat(said).isTrue();
    }

    @Test
    void a_record_larger_than_the_buffer_is_torn_like_any_other() throws IOException {
        WalOptions large = new WalOptions(1_000_000, 65_536, 0);
        byte[] data = new byte[300_000];
        SplittableRandom chance = new SplittableRandom(4);
        chance.nextBytes(data);
        directory.names().forEach(this::delete);
        Wal.create(directory, OWNER, large, new SnapshotMark(0, 0, MEMBERS));
        Wal wal = Wal.open(directory, OWNER, large).wal();
        wal.append(
                List.of(entry(1, 1), new Entry(2, 1, Entry.Kind.NORMAL, data)),
                new HardState(1, 0, 0));

        for (int i = 0; i < 200; i++) {
            Directory left = disk.afterPowerCut(chance).directory("wal");
            assertThat(Wal.open(left, OWNER, large).wal().entries().last()).isBetween(0L, 2L);
        }
    }

    @Test
    void a_log_is_not_made_where_one_is() throws IOException {
        assertThat(Wal.exists(directory)).isTrue();
        assertThatThrownBy(() ->
                        Wal.create(directory, OWNER, NO_CACHE, new SnapshotMark(0, 0, MEMBERS)))
                .hasMessageContaining("there is a log in wal/ already");
    }
}
