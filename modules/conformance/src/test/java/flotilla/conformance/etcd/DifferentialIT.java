package flotilla.conformance.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Program;
import flotilla.protocol.CompactionRequest;
import flotilla.protocol.HashKVRequest;
import flotilla.protocol.LeaseGrantRequest;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.protocol.RangeRequest;
import flotilla.protocol.WatchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same thousands of random requests to Debian's etcd (3.4.23, and 3.5.16 where {@code
 * modules/conformance/etcd-next} brought it) and to ours: every answer, error text, watch event and
 * hash is equal. A failure prints the seed; {@code -Ddifferential.seeds=N,N} takes other seeds,
 * {@code -Ddifferential.operations=N} changes its length, {@code -Ddifferential.against=ETCD}
 * compares the original with itself, which shows what the comparison takes for granted.
 */
class DifferentialIT {
    private static final int OPERATIONS = Integer.getInteger("differential.operations", 500);

    /** Operations between two full comparisons of contents, hashes and watches. */
    private static final int CHECK_EVERY = 100;

    private static final Duration SETTLE = Duration.ofSeconds(10);

    /** How long both must have told the same before a cancel may overtake what is still to come. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private static final int SHOWN = 6;
    private static final int LINE = 1_500;
    private static final Path TRANSCRIPTS = Path.of("target", "differential");
    private static final ByteString FROM_FIRST = ByteString.copyFrom(new byte[] {0});

    @TempDir Path folder;

    static LongStream seeds() {
        return Seeds.of("differential.seeds", 1, 20261124, 42);
    }

    static LongStream seedsForNext() {
        return Seeds.of("differential.seeds", 7, 35);
    }

    static LongStream seedsForThree() {
        return Seeds.of("differential.seeds", 3);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void random_requests_get_the_answers_that_etcd_gives(long seed) throws IOException {
        assumeTrue(Program.ETCD.command().isPresent(), "Debian's etcd-server is not installed");
        System.out.println(compare(new Setting(seed, Program.ETCD, 1, OPERATIONS)));
    }

    @ParameterizedTest
    @MethodSource("seedsForThree")
    void a_cluster_of_three_gives_them_on_any_of_its_members(long seed) throws IOException {
        assumeTrue(Program.ETCD.command().isPresent(), "Debian's etcd-server is not installed");
        System.out.println(compare(new Setting(seed, Program.ETCD, 3, OPERATIONS / 2)));
    }

    /** The originals differ between themselves in HashKV, where ours answers as 3.4 does. */
    @ParameterizedTest
    @MethodSource("seedsForNext")
    void etcd_3_5_gives_the_same_answers_but_for_hashes(long seed) throws IOException {
        assumeTrue(
                Program.ETCD_NEXT.command().isPresent(),
                "etcd 3.5 is not here: run modules/conformance/etcd-next");
        System.out.println(compare(new Setting(seed, Program.ETCD_NEXT, 1, OPERATIONS)));
    }

    private String compare(Setting setting) throws IOException {
        Program other = Program.valueOf(System.getProperty("differential.against", "FLOTILLA"));
        Path left = Files.createDirectory(folder.resolve("a"));
        Path right = Files.createDirectory(folder.resolve("b"));
        try (Cluster theirs = Cluster.of(setting.original(), setting.members(), left).start();
                Cluster ours = Cluster.of(other, setting.members(), right).start();
                Side expected = new Side(theirs.addresses());
                Side actual = new Side(ours.addresses())) {
            Run run = new Run(setting, expected, actual);
            run.run();
            return run.extent();
        }
    }

    private record Setting(long seed, Program original, int members, int operations) {
        boolean hashes() {
            return original == Program.ETCD;
        }
    }

    private static final class Run {
        private final Setting setting;
        private final Side expected;
        private final Side actual;
        private final History history = new History();
        private final RequestGenerator generator;
        private final List<String> done = new ArrayList<>();
        private final List<String> answers = new ArrayList<>();
        private long watches;
        private int refused;

        Run(Setting setting, Side expected, Side actual) {
            this.setting = setting;
            this.expected = expected;
            this.actual = actual;
            this.generator =
                    new RequestGenerator(
                            new Random(setting.seed()), history, setting.members() == 1);
        }

        void run() throws IOException {
            try {
                compareAll();
            } catch (AssertionError | ConditionTimeoutException e) {
                writeTranscript();
                throw e;
            }
        }

        /** Every request so far with etcd's answer, to find out where the two began to differ. */
        private void writeTranscript() throws IOException {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < answers.size(); i++) {
                text.append(i + 1).append(' ').append(done.get(i)).append('\n');
                text.append("    ").append(answers.get(i)).append('\n');
            }
            Files.createDirectories(TRANSCRIPTS);
            Files.writeString(TRANSCRIPTS.resolve("seed-" + setting.seed() + ".txt"), text);
        }

        private void compareAll() {
            for (int i = 1; i <= setting.operations(); i++) {
                Message request = generator.next();
                if (request instanceof CompactionRequest) {
                    compareWatches();
                    Awaitility.await().atMost(SETTLE).until(expected::watchesAreSynced);
                    Awaitility.await().atMost(SETTLE).until(actual::watchesAreSynced);
                }
                if (request instanceof WatchRequest watch && watch.hasCancelRequest()) {
                    settleWatches();
                }
                Answer answer = compare(request);
                learn(request, answer);
                if (request instanceof WatchRequest watch) {
                    watches += watch.hasCreateRequest() ? 1 : 0;
                    compareWatches();
                }
                if (i % CHECK_EVERY == 0) {
                    compareEverything();
                }
            }
            compareEverything();
        }

        private Answer compare(Message request) {
            done.add(Answer.print(request));
            Answer wanted = expected.ask(request);
            Answer got = actual.ask(request);
            answers.add(wanted.text());
            if (request instanceof HashKVRequest && !setting.hashes()) {
                return wanted;
            }
            refused += wanted.refused() ? 1 : 0;
            assertThat(got.text()).as(this::story).isEqualTo(wanted.text());
            return wanted;
        }

        /** How much was alike, so that a run that compares next to nothing is seen. */
        String extent() {
            long told = expected.watches().seen().values().stream().mapToLong(List::size).sum();
            return "seed %d: %d requests, %d of them refused; %d revisions; %d watches told %d things"
                    .formatted(
                            setting.seed(),
                            done.size(),
                            refused,
                            history.revision(),
                            watches,
                            told);
        }

        private void compareEverything() {
            compare(RangeRequest.newBuilder().setKey(FROM_FIRST).setRangeEnd(FROM_FIRST).build());
            compare(HashKVRequest.getDefaultInstance());
            compareWatches();
        }

        /**
         * A cancel right after a write may come before the write's event, in etcd as in ours: which
         * of the two a server takes first is no difference between them.
         */
        private void settleWatches() {
            Awaitility.await()
                    .atMost(SETTLE)
                    .during(QUIET)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> expected.watches().seen().equals(actual.watches().seen()));
        }

        /** Waits until both have told the same; they tell it when they like. */
        private void compareWatches() {
            try {
                Awaitility.await()
                        .atMost(SETTLE)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() ->
                                expected.watches().created() >= watches
                                        && expected.watches()
                                                .seen()
                                                .equals(actual.watches().seen()));
            } catch (ConditionTimeoutException e) {
                expected.watches()
                        .seen()
                        .forEach((watch, lines) ->
                                assertThat(actual.watches().seen().get(watch))
                                        .as("watch %d, %s", watch, story())
                                        .isEqualTo(lines));
                assertThat(actual.watches().seen())
                        .as(this::story)
                        .isEqualTo(expected.watches().seen());
                throw e;
            }
        }

        private void learn(Message request, Answer answer) {
            if (answer.refused()) {
                return;
            }
            history.reached(answer.revision());
            switch (request) {
                case CompactionRequest compaction -> history.compactedAt(compaction.getRevision());
                case LeaseGrantRequest grant -> history.granted(grant.getID());
                case LeaseRevokeRequest revoke -> history.revoked(revoke.getID());
                default -> {}
            }
        }

        private String story() {
            int from = Math.max(0, done.size() - SHOWN);
            return "seed %d, request %d, revision %d, compacted %d; the last requests:%n%s%n"
                    .formatted(
                            setting.seed(),
                            done.size(),
                            history.revision(),
                            history.compacted(),
                            done.subList(from, done.size()).stream()
                                    .map(line -> line.substring(0, Math.min(line.length(), LINE)))
                                    .collect(Collectors.joining("\n")));
        }
    }
}
