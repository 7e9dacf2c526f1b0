package flotilla.store.log.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.raft.message.Message;
import flotilla.store.log.PeerTraffic;
import flotilla.store.log.SnapshotShelf.Part;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow of a snapshot step by step, in any order that threads, disks and breaks may bring. */
class SnapshotFlowTest {
    private static final Message INSTALLED =
            new Message.InstallSnapshot(1, 2, 6, MemoryStored.MARK);

    private final SteppedSnapshots steps = new SteppedSnapshots();

    private CompletableFuture<Void> send(MemoryStored stored) {
        return steps.sender().send(2, 6, stored);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void it_arrives_whole_and_once_through_any_breaks_and_restarts(int tenth) {
        for (int seed = tenth * 100; seed < tenth * 100 + 25; seed++) {
            SteppedSnapshots run = new SteppedSnapshots();
            Random chance = new Random(seed);
            MemoryStored stored = anySnapshot(chance);
            CompletableFuture<Void> sent = run.sender().send(2, 6, stored);
            for (int step = 0; step < 400 && !sent.isDone(); step++) {
                int what = chance.nextInt(60);
                switch (what) {
                    case 0 -> run.loseForth();
                    case 1 -> run.loseBack();
                    case 2 -> run.restartReceiver();
                    default -> run.step(chance);
                }
                if (what <= 2) {
                    run.sender().connected(2);
                }
            }
            run.runAll();

            assertThat(sent).as("seed %d", seed).isCompleted();
            assertThat(run.arriving().content()).as("seed %d", seed).isEqualTo(stored.content());
            assertThat(run.arriving().finished()).isTrue();
            assertThat(run.arriving().closed()).isTrue();
            assertThat(stored.closed()).isTrue();
            assertThat(run.installedSinceRestart()).as("seed %d", seed).isEqualTo(1);
        }
    }

    private static MemoryStored anySnapshot(Random chance) {
        int[] sizes = new int[1 + chance.nextInt(4)];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] =
                    switch (chance.nextInt(4)) {
                        case 0 -> 0;
                        case 1 -> Manifest.CHUNK_BYTES;
                        default -> chance.nextInt(4 * Manifest.CHUNK_BYTES);
                    };
        }
        return new MemoryStored(sizes);
    }

    @Test
    void when_done_gets_lost_it_is_said_again_and_nothing_is_installed_twice() {
        CompletableFuture<Void> sent = send(new MemoryStored(1_000));
        steps.runUntil(() -> steps.received().contains(INSTALLED));
        steps.loseBack();

        steps.sender().connected(2);
        steps.runAll();

        assertThat(sent).isCompleted();
        assertThat(steps.received()).containsExactly(INSTALLED);
    }

    @Test
    void an_offer_that_got_lost_is_made_again_after_a_while() {
        CompletableFuture<Void> sent = send(new MemoryStored(1_000));
        steps.loseForth();
        steps.runAll();
        assertThat(sent).isNotDone();

        steps.passSeconds(6);
        steps.runAll();

        assertThat(sent).isCompleted();
    }

    @Test
    void a_receiver_whose_disk_is_slow_is_waited_for_as_long_as_it_gives_a_sign_of_life() {
        CompletableFuture<Void> sent = send(new MemoryStored(1_000));
        steps.runUntil(steps::receiverWaitsForDisk);
        for (int i = 0; i < 100; i++) {
            steps.passSeconds(6);
            steps.runAllButTheReceiversDisk();
        }
        assertThat(sent).isNotDone();

        steps.runAll();

        assertThat(sent).isCompleted();
    }

    @Test
    void a_receiver_that_says_nothing_for_too_long_is_given_up() {
        MemoryStored stored = new MemoryStored(10 * Manifest.CHUNK_BYTES);
        CompletableFuture<Void> sent = send(stored);
        steps.runUntil(() -> steps.arriving().bytes() > 0);
        steps.loseBack();
        steps.loseForth();

        steps.passSeconds(31);
        steps.runAll();

        assertThatThrownBy(sent::get)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("nothing was heard of the snapshot's receiver");
        assertThat(stored.closed()).isTrue();
        assertThat(steps.arriving().closed()).isTrue();
        assertThat(steps.received()).isEmpty();
    }

    @Test
    void snapshots_are_counted_on_both_sides_by_how_they_end() {
        var _ = send(new MemoryStored(1_000));
        assertThat(steps.sent().underWay()).isEqualTo(1);
        steps.runAll();
        steps.alterChunks(chunk -> chunk[0] ^= 1);
        var _ = send(new MemoryStored(1_000));
        var _ = send(new MemoryStored(1_000));
        steps.runAll();

        for (PeerTraffic.Snapshots counted : List.of(steps.sent(), steps.taken())) {
            assertThat(counted.times().count()).isEqualTo(1);
            assertThat(counted.failed()).isEqualTo(2);
            assertThat(counted.underWay()).isZero();
        }
    }

    @Test
    void what_does_not_match_the_senders_checksum_is_given_up() {
        CompletableFuture<Void> sent = send(new MemoryStored(2 * Manifest.CHUNK_BYTES + 1));
        steps.alterChunks(chunk -> chunk[0] ^= 1);
        steps.runAll();

        assertThatThrownBy(sent::get).hasMessageContaining("what came in is not what was sent");
        assertThat(steps.arriving().finished()).isFalse();
        assertThat(steps.arriving().closed()).isTrue();
        assertThat(steps.received()).isEmpty();
    }

    @Test
    void chunks_that_are_not_the_next_ones_are_refused() {
        long number = 5;
        Manifest manifest = new Manifest(MemoryStored.MARK, new MemoryStored(600_000).parts());
        byte[] whole = new byte[Manifest.CHUNK_BYTES];
        List<Parcel.Chunk> wrong =
                List.of(
                        new Parcel.Chunk(number, 1, new Position(0, whole.length), whole),
                        new Parcel.Chunk(number, 1, new Position(1, 0), whole),
                        new Parcel.Chunk(number, 1, Position.START, new byte[3]));
        for (Parcel.Chunk chunk : wrong) {
            SteppedSnapshots run = new SteppedSnapshots();
            run.receiver().received(1, new Parcel.Offer(number, 1, 6, manifest));
            run.runAll();

            assertThatThrownBy(() -> run.receiver().received(1, chunk))
                    .isInstanceOf(Malformed.class);
        }
    }

    @Test
    void more_than_the_receiver_has_room_for_is_refused() {
        int parts = 2 + SteppedSnapshots.WINDOW_BYTES / Manifest.CHUNK_BYTES;
        MemoryStored stored = new MemoryStored(parts * Manifest.CHUNK_BYTES);
        Manifest manifest = new Manifest(MemoryStored.MARK, stored.parts());
        steps.receiver().received(1, new Parcel.Offer(5, 1, 6, manifest));
        steps.runAll();

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < parts; i++) {
                                steps.receiver().received(1, chunk(i));
                            }
                        })
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("bytes waiting");
    }

    private static Parcel.Chunk chunk(int number) {
        return new Parcel.Chunk(
                5,
                1,
                new Position(0, (long) number * Manifest.CHUNK_BYTES),
                new byte[Manifest.CHUNK_BYTES]);
    }

    @Test
    void a_manifest_that_leads_out_of_the_shelf_is_refused() {
        for (String name : List.of("", ".", "..", "../x", "a/b", "a\0b", "a\\b", "é")) {
            assertThatThrownBy(() -> new Manifest(MemoryStored.MARK, List.of(new Part(name, 1))))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
