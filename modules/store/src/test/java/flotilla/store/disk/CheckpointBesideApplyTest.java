package flotilla.store.disk;

import static flotilla.store.Commands.batch;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;

import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.member.MemberChange;
import flotilla.store.apply.member.Members;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.Space;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.Membership.Peer;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints are taken while entries are applied, and each is the state after one of them. */
class CheckpointBesideApplyTest {
    private static final int CHECKPOINTS = 50;
    private static final int KEYS = 300;

    /** Entries that may be applied while one checkpoint is taken, so that the store stays small. */
    private static final int ENTRIES_EACH = 300;

    @TempDir Path directory;

    enum Kind {
        ROCKS {
            @Override
            Storage open(Path directory) throws IOException {
                return RocksStorage.open(directory);
            }
        },
        MEMORY {
            @Override
            Storage open(Path directory) {
                return new MemoryStorage();
            }
        };

        abstract Storage open(Path directory) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void a_checkpoint_taken_beside_apply_is_the_state_after_the_entry_it_names(Kind kind)
            throws Exception {
        List<SnapshotMark> marks = new ArrayList<>();
        try (EtcdStateMachine machine =
                new EtcdStateMachine(kind.open(directory.resolve("live")))) {
            begin(machine);
            Semaphore entries = new Semaphore(0);
            CompletableFuture<Void> applying =
                    CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < CHECKPOINTS * ENTRIES_EACH; i++) {
                            entries.acquireUninterruptibly();
                            applyNext(machine);
                        }
                    });
            for (int i = 0; i < CHECKPOINTS; i++) {
                entries.release(ENTRIES_EACH);
                marks.add(machine.checkpoint(directory.resolve("checkpoint-" + i)));
            }
            applying.join();
        }
        check(kind, marks);
    }

    private void check(Kind kind, List<SnapshotMark> marks) throws IOException {
        assertThat(marks.stream().map(SnapshotMark::index).distinct())
                .as("apply went on meanwhile")
                .hasSizeGreaterThan(CHECKPOINTS / 2);
        Storage expected = new MemoryStorage();
        Storage restored = kind.open(directory.resolve("restored"));
        try (EtcdStateMachine replay = new EtcdStateMachine(expected);
                EtcdStateMachine machine = new EtcdStateMachine(restored)) {
            begin(replay);
            for (int i = 0; i < marks.size(); i++) {
                while (replay.appliedIndex() < marks.get(i).index()) {
                    applyNext(replay);
                }
                machine.restore(directory.resolve("checkpoint-" + i));
                assertThat(machine.appliedIndex()).isEqualTo(marks.get(i).index());
                assertThat(machine.confState()).isEqualTo(marks.get(i).members());
                assertThat(machine.members()).isEqualTo(replay.members());
                assertThat(sum(restored)).as("checkpoint %d", i).isEqualTo(sum(expected));
            }
        }
    }

    private static void begin(EtcdStateMachine machine) {
        machine.begin(
                SnapshotMark.beginning(ConfState.of(1)),
                List.of(new Peer(1, "a", List.of(Members.url(1)))));
    }

    /** What an entry does depends on its index alone. */
    private static void applyNext(EtcdStateMachine machine) {
        long index = machine.appliedIndex() + 1;
        Random chance = new Random(index);
        if (index % 50 == 0) {
            Wish wish =
                    index % 100 == 0
                            ? new Wish.Remove(index - 50)
                            : new Wish.AddLearner(Members.nameless(index));
            MemberChange change = MemberChange.of(wish, Members.SOMEBODY);
            machine.applyChange(index, 1, new Entry(index, 1, change.kind(), change.bytes()));
        } else {
            machine.apply(index, 1, commands(chance));
        }
    }

    private static CommandBatch commands(Random chance) {
        String key = "key" + chance.nextInt(KEYS);
        Command command =
                switch (chance.nextInt(10)) {
                    case 0 -> delete(key, key + "z");
                    case 1 -> grant(1 + chance.nextInt(20), 60);
                    case 2 -> revoke(1 + chance.nextInt(20));
                    case 3 -> put(key, "leased", 1 + chance.nextInt(20));
                    default -> put(key, Long.toHexString(chance.nextLong()).repeat(8));
                };
        return batch(command, put("last", key));
    }

    private static long sum(Storage storage) {
        CRC32C crc = new CRC32C();
        try (Backend.View view = storage.view()) {
            Stream.of(Space.values())
                    .forEach(space -> {
                        try (Backend.Cursor cursor = view.cursor(space)) {
                            for (boolean on = cursor.seek(new byte[0]); on; on = cursor.next()) {
                                crc.update(space.tag());
                                crc.update(cursor.key());
                                crc.update(cursor.value());
                            }
                        }
                    });
        }
        return crc.getValue();
    }
}
