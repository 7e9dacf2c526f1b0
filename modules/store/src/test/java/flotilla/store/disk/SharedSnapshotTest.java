package flotilla.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Backend.Change;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.apply.refusal.EtcdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads share one snapshot of each state, see what was written before them, and leave none. */
class SharedSnapshotTest {
    private static final int READERS = 6;
    private static final int WRITES = 4000;
    private static final int KEYS = 50;

    @TempDir Path directory;
    private final List<Backend.View> views = new ArrayList<>();
    private RocksStorage storage;

    @BeforeEach
    void open() throws IOException {
        storage = RocksStorage.open(directory.resolve("a"));
    }

    /** Views first: the storage waits for them. */
    @AfterEach
    void close() {
        views.forEach(Backend.View::close);
        storage.close();
    }

    private Backend.View view() {
        Backend.View view = storage.view();
        views.add(view);
        return view;
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    /** One write that puts a number under every key. */
    private static List<Change> all(long number) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            changes.add(new Change(Space.LATEST, key(i), value));
        }
        return changes;
    }

    private static long number(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    private static long number(Backend.View view) {
        byte[] value = view.get(Space.LATEST, key(0));
        return value == null ? -1 : number(value);
    }

    @Test
    void reads_of_one_state_share_a_snapshot_and_the_last_to_end_releases_it() {
        storage.write(all(1));
        Backend.View first = view();
        Backend.View second = view();
        assertThat(storage.snapshots()).isEqualTo(1);

        storage.write(all(2));
        Backend.View third = view();
        assertThat(storage.snapshots()).isEqualTo(2);
        assertThat(number(first)).isEqualTo(1);
        assertThat(number(third)).isEqualTo(2);

        first.close();
        first.close();
        assertThat(storage.snapshots()).as("the second reads it still").isEqualTo(2);
        assertThat(number(second)).isEqualTo(1);
        second.close();
        assertThat(storage.snapshots()).isEqualTo(1);
        third.close();
        storage.write(all(3));
        assertThat(storage.snapshots()).as("nobody reads").isZero();
    }

    @Test
    void writes_that_nobody_reads_between_take_no_snapshots() {
        for (int i = 0; i < 10; i++) {
            storage.write(all(i));
            assertThat(storage.snapshots()).isZero();
        }
    }

    @Test
    void a_draft_shows_what_was_there_when_it_began_and_is_gone_with_its_write() {
        storage.write(all(1));
        try (Backend.Draft draft = storage.draft()) {
            all(2).forEach(draft::add);
            assertThat(number(draft)).isEqualTo(2);
            try (Backend.View view = storage.view()) {
                assertThat(number(view)).isEqualTo(1);
            }
            draft.write();
            try (Backend.View view = storage.view()) {
                assertThat(number(view)).isEqualTo(2);
            }
        }
        storage.write(all(3));
        assertThat(storage.snapshots()).isZero();
    }

    /** Real threads: each view whole, none older than what was acknowledged, none left behind. */
    @Test
    void whoever_reads_beside_writes_and_restores_sees_whole_and_fresh_states() throws Exception {
        storage.write(all(0));
        AtomicLong acknowledged = new AtomicLong();
        List<CompletableFuture<Long>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            boolean scans = i % 2 == 0;
            readers.add(CompletableFuture.supplyAsync(() -> readUntilTheEnd(acknowledged, scans)));
        }
        for (long i = 1; i <= WRITES; i++) {
            storage.write(all(i));
            acknowledged.set(i);
            if (i % (WRITES / 4) == 0) {
                Path checkpoint = directory.resolve("checkpoint-" + i);
                assertThat(storage.<Long>checkpoint(checkpoint, SharedSnapshotTest::number))
                        .isEqualTo(i);
                storage.restore(checkpoint);
            }
        }
        for (CompletableFuture<Long> reader : readers) {
            assertThat(reader.get(60, TimeUnit.SECONDS)).isPositive();
        }
        storage.write(all(0));
        assertThat(storage.snapshots()).isZero();
    }

    /** How many views it looked at. */
    private long readUntilTheEnd(AtomicLong acknowledged, boolean scans) {
        long views = 0;
        for (long known = 0; known < WRITES; views++) {
            known = acknowledged.get();
            try (Backend.View view = storage.view()) {
                long seen = number(view);
                assertThat(seen).isGreaterThanOrEqualTo(known);
                if (scans) {
                    assertAllHold(view, seen);
                }
                assertThat(number(view)).as("the same view, later").isEqualTo(seen);
            }
        }
        return views;
    }

    private static void assertAllHold(Backend.View view, long number) {
        int keys = 0;
        try (Backend.Cursor cursor = view.cursor(Space.LATEST)) {
            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                assertThat(number(cursor.value())).isEqualTo(number);
                keys++;
            }
        }
        assertThat(keys).isEqualTo(KEYS);
    }

    @Test
    void a_close_beside_reads_waits_for_them_and_later_ones_are_refused() throws Exception {
        storage.write(all(1));
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(CompletableFuture.runAsync(this::readUntilClosed));
        }
        storage.close();
        for (CompletableFuture<Void> reader : readers) {
            reader.get(60, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> storage.view()).isInstanceOf(EtcdException.class);
        assertThatThrownBy(() -> storage.draft()).isInstanceOf(EtcdException.class);
        assertThatThrownBy(() -> storage.write(all(2))).isInstanceOf(EtcdException.class);
        assertThatThrownBy(() -> storage.sizeBytes()).isInstanceOf(EtcdException.class);
    }

    private void readUntilClosed() {
        while (true) {
            try (Backend.View view = storage.view()) {
                assertThat(number(view)).isEqualTo(1);
                assertAllHold(view, 1);
            } catch (EtcdException e) {
                return;
            }
        }
    }
}
