package flotilla.store;

import static flotilla.store.Commands.bytes;
import static flotilla.store.Commands.compact;
import static flotilla.store.Commands.delete;
import static flotilla.store.Commands.grant;
import static flotilla.store.Commands.leaseKeys;
import static flotilla.store.Commands.put;
import static flotilla.store.Commands.read;
import static flotilla.store.Commands.revoke;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.disk.RocksStorage;
import flotilla.store.view.EtcdStateMachine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same random commands go to a model that keeps every revision as a map, to RocksDB in large
 * entries and to memory in small ones. All three must agree on every read.
 */
class RandomOperationsTest {
    private static final int COMMANDS = 1500;
    private static final int READS = 300;
    private static final String[] KEYS = {
        "a", "a\0", "a\0b", "aa", "b", "\0", "b\u0001", "c/1", "c/2"
    };

    @TempDir Path directory;

    /** Every revision, whole. */
    private static final class Model {
        final List<NavigableMap<String, KeyValue>> revisions = new ArrayList<>();
        final Map<Long, Boolean> leases = new HashMap<>();
        long compacted = -1;

        Model() {
            revisions.add(new TreeMap<>());
            revisions.add(new TreeMap<>());
        }

        NavigableMap<String, KeyValue> now() {
            return revisions.getLast();
        }

        long revision() {
            return revisions.size() - 1L;
        }

        void put(String key, String value, long lease) {
            if (lease != 0 && !leases.containsKey(lease)) {
                return;
            }
            TreeMap<String, KeyValue> next = new TreeMap<>(now());
            KeyValue old = next.get(key);
            long revision = revision() + 1;
            next.put(
                    key,
                    KeyValue.newBuilder()
                            .setKey(bytes(key))
                            .setValue(bytes(value))
                            .setCreateRevision(old == null ? revision : old.getCreateRevision())
                            .setModRevision(revision)
                            .setVersion(old == null ? 1 : old.getVersion() + 1)
                            .setLease(lease)
                            .build());
            revisions.add(next);
        }

        void delete(String from, String to) {
            TreeMap<String, KeyValue> next = new TreeMap<>(now());
            next.subMap(from, to).clear();
            addIfChanged(next);
        }

        void revoke(long lease) {
            TreeMap<String, KeyValue> next = new TreeMap<>(now());
            if (leases.remove(lease) != null) {
                next.values().removeIf(kv -> kv.getLease() == lease);
                addIfChanged(next);
            }
        }

        private void addIfChanged(NavigableMap<String, KeyValue> next) {
            if (next.size() != now().size()) {
                revisions.add(next);
            }
        }

        void compact(long revision) {
            if (revision > compacted && revision <= revision()) {
                compacted = revision;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void every_read_agrees_with_a_map_per_revision(long seed) throws Exception {
        Random random = new Random(seed);
        Model model = new Model();
        try (EtcdStateMachine rocks =
                        new EtcdStateMachine(RocksStorage.open(directory.resolve("rocks")));
                EtcdStateMachine memory = new EtcdStateMachine(new MemoryStorage())) {
            int made = 0;
            while (made < COMMANDS) {
                CommandBatch batch = randomBatch(random, model);
                made += batch.getCommandsCount();
                rocks.apply(rocks.appliedIndex() + 1, 1, batch);
                batch.getCommandsList().forEach(command -> Commands.apply(memory, command));
            }
            rocks.compacted(model.compacted).get(10, TimeUnit.SECONDS);
            for (int i = 0; i < READS; i++) {
                compareRange(random, model, rocks, memory);
            }
            assertThat(rocks.revision()).isEqualTo(model.revision());
            assertThat(rocks.hashKv(0).getHash()).isEqualTo(memory.hashKv(0).getHash());
            for (long lease : model.leases.keySet()) {
                assertThat(leaseKeys(rocks, lease))
                        .isEqualTo(leaseKeys(memory, lease))
                        .hasSize(attached(model, lease));
            }
        }
    }

    private static int attached(Model model, long lease) {
        return (int) model.now().values().stream().filter(kv -> kv.getLease() == lease).count();
    }

    private static CommandBatch randomBatch(Random random, Model model) {
        CommandBatch.Builder batch = CommandBatch.newBuilder();
        int size = 1 + random.nextInt(20);
        for (int i = 0; i < size; i++) {
            batch.addCommands(randomCommand(random, model));
        }
        return batch.build();
    }

    /** A command, done to the model already. */
    private static Command randomCommand(Random random, Model model) {
        String key = KEYS[random.nextInt(KEYS.length)];
        long lease = 1 + random.nextLong(4);
        return switch (random.nextInt(20)) {
            case 0 -> {
                String other = KEYS[random.nextInt(KEYS.length)];
                String from = key.compareTo(other) < 0 ? key : other;
                String to = key.compareTo(other) < 0 ? other : key + "x";
                model.delete(from, to);
                yield delete(from, to);
            }
            case 1, 2 -> {
                model.delete(key, key + "\0");
                yield delete(key, "");
            }
            case 3 -> {
                model.leases.put(lease, true);
                yield grant(lease, 60);
            }
            case 4 -> {
                model.revoke(lease);
                yield revoke(lease);
            }
            case 5 -> {
                long revision = model.revision() - random.nextInt(40);
                model.compact(revision);
                yield compact(revision);
            }
            case 6, 7 -> {
                String value = "v" + random.nextInt(1000);
                model.put(key, value, lease);
                yield put(key, value, lease);
            }
            default -> {
                String value = "v" + random.nextInt(1000);
                model.put(key, value, 0);
                yield put(key, value);
            }
        };
    }

    private static void compareRange(
            Random random, Model model, EtcdStateMachine rocks, EtcdStateMachine memory) {
        long revision = 1 + random.nextLong(model.revision());
        String from = KEYS[random.nextInt(KEYS.length)];
        RangeRequest request =
                RangeRequest.newBuilder()
                        .setKey(bytes(from))
                        .setRangeEnd(bytes(random.nextBoolean() ? "\0" : ""))
                        .setRevision(revision)
                        .setLimit(random.nextInt(4))
                        .build();
        if (revision < model.compacted) {
            assertThatThrownBy(() -> read(rocks, request)).isInstanceOf(EtcdException.class);
            assertThatThrownBy(() -> read(memory, request)).isInstanceOf(EtcdException.class);
            return;
        }
        NavigableMap<String, KeyValue> then = model.revisions.get((int) revision);
        List<KeyValue> expected =
                request.getRangeEnd().isEmpty()
                        ? then.containsKey(from) ? List.of(then.get(from)) : List.of()
                        : List.copyOf(then.tailMap(from).values());
        var answer = read(rocks, request);
        long limit = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        assertThat(answer.getKvsList()).isEqualTo(expected.stream().limit(limit).toList());
        assertThat(answer.getCount()).isEqualTo(expected.size());
        assertThat(answer.getMore()).isEqualTo(expected.size() > limit);
        assertThat(read(memory, request)).isEqualTo(answer);
    }
}
