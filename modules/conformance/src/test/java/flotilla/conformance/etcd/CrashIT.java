package flotilla.conformance.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Connection;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Server;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.HashKVResponse;
import flotilla.protocol.KeyValue;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.RangeResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL under load, as often as fits into a minute. {@code -Dcrash.program=ETCD} runs the same
 * against the original, {@code -Dcrash.seeds=N,N} crashes at other moments.
 */
class CrashIT {
    private static final int MEMBERS = 3;
    private static final int WRITERS = 6;

    /** Crashes of one run: of one member, and of all at once. In which order is left to chance. */
    private static final int OF_ONE = 4;

    private static final int OF_ALL = 2;

    /** Acknowledged writes after which a crash may come, so that each interrupts real work. */
    private static final int PROGRESS = 40;

    /** Chance adds up to as many, so that the crash hits anything from an append to a snapshot. */
    private static final int MORE_PROGRESS = 160;

    /** Often enough for crashes to meet some half done, and restarts to begin from one. */
    private static final List<String> SNAPSHOTS = List.of("--snapshot-count=40");

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration READ = Duration.ofSeconds(20);
    private static final ByteString FIRST = ByteString.copyFromUtf8("w");
    private static final ByteString END = ByteString.copyFromUtf8("x");

    @TempDir Path folder;

    private final List<Connection> members = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();

    static LongStream seeds() {
        return Seeds.of("crash.seeds", 7);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void every_acknowledged_write_outlives_kill_9_of_one_member_and_of_all(long seed)
            throws InterruptedException {
        Random random = new Random(seed);
        List<Boolean> crashes = new ArrayList<>(Collections.nCopies(OF_ONE, false));
        crashes.addAll(Collections.nCopies(OF_ALL, true));
        Collections.shuffle(crashes, random);
        Program program = Program.valueOf(System.getProperty("crash.program", "FLOTILLA"));
        AtomicBoolean stop = new AtomicBoolean();
        try (Cluster cluster = Cluster.of(program, MEMBERS, folder, SNAPSHOTS).start()) {
            cluster.addresses().forEach(address -> members.add(new Connection(address)));
            List<Thread> load = startWriters(stop);

            for (boolean all : crashes) {
                awaitProgress(cluster, random, "before a crash of seed " + seed);
                if (all) {
                    cluster.kill();
                } else {
                    Server victim = cluster.servers().get(random.nextInt(MEMBERS));
                    victim.kill();
                    awaitProgress(cluster, random, "with " + victim.name() + " dead, seed " + seed);
                }
                cluster.servers().forEach(Server::start);
            }
            awaitProgress(cluster, random, "after the last crash of seed " + seed);
            stop.set(true);
            for (Thread writer : load) {
                writer.join();
            }
            cluster.awaitHealthy();

            System.out.printf("seed %d: %d acknowledged writes%n", seed, acknowledged());
            assertEveryMemberHasEveryAcknowledgedWrite();
        } finally {
            stop.set(true); // Else they go on at full speed beside the tests that follow.
            members.forEach(Connection::close);
        }
    }

    private List<Thread> startWriters(AtomicBoolean stop) {
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i, members, stop));
        }
        return writers.stream().map(Thread::startVirtualThread).toList();
    }

    private void awaitProgress(Cluster cluster, Random random, String when) {
        int from = acknowledged();
        int more = PROGRESS + random.nextInt(MORE_PROGRESS);
        try {
            Awaitility.await(more + " more acknowledged writes " + when)
                    .atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> acknowledged() >= from + more);
        } catch (ConditionTimeoutException e) {
            cluster.servers()
                    .forEach(server -> {
                        e.addSuppressed(new AssertionError(server.logTail()));
                        e.addSuppressed(new AssertionError(server.threads()));
                    });
            throw e;
        }
    }

    private int acknowledged() {
        return writers.stream().mapToInt(writer -> writer.acknowledged().size()).sum();
    }

    private void assertEveryMemberHasEveryAcknowledgedWrite() {
        Map<ByteString, ByteString> expected = new HashMap<>();
        writers.forEach(writer -> expected.putAll(writer.acknowledged()));
        List<Integer> hashes = new ArrayList<>();
        long revision = 0;
        for (Connection member : members) {
            RangeResponse all =
                    member.kv(READ)
                            .range(
                                    RangeRequest.newBuilder()
                                            .setKey(FIRST)
                                            .setRangeEnd(END)
                                            .build());
            Map<ByteString, ByteString> found = new HashMap<>();
            for (KeyValue pair : all.getKvsList()) {
                found.put(pair.getKey(), pair.getValue());
            }
            assertThat(found)
                    .as("what %s has of %d acknowledged writes", member.address(), expected.size())
                    .containsAllEntriesOf(expected);
            assertThat(all.getKvsList())
                    .as("each write was sent once, so none may have been applied twice")
                    .allMatch(pair -> pair.getVersion() == 1);
            revision = revision == 0 ? all.getHeader().getRevision() : revision;
            HashKVResponse hash =
                    member.maintenance(READ)
                            .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
            hashes.add(hash.getHash());
        }
        assertThat(hashes)
                .as("hashes of all members at revision %d", revision)
                .containsOnly(hashes.getFirst());
    }
}
