package flotilla.store;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import flotilla.platform.disk.Disk;
import flotilla.protocol.RangeResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Each kind of file of a stopped member in turn, damaged: what is said, and the way back, as the
 * table in {@code docs/operate/recover.md} has them. A case names its row there.
 */
class DamageTest {
    private static final Path DOCUMENT = Path.of("../../docs/operate/recover.md");

    /** Rows whose steps another test takes. */
    private static final Set<String> ELSEWHERE =
            Set.of("all of `member`"); // MemberLossTest: the others have to be asked.

    @TempDir private static Path temp;
    private static Path whole;
    private static int hash;

    private final ListAppender<ILoggingEvent> words = new ListAppender<>();
    private final Logger logs = (Logger) LoggerFactory.getLogger("flotilla.store");
    private Path copy;

    static Stream<DamageCase> cases() {
        return DamageCase.all();
    }

    @BeforeAll
    static void make() throws Exception {
        whole = temp.resolve("whole");
        SmallMember.put(whole, 0, 250);
        hash = SmallMember.put(whole, 250, 370);
    }

    @BeforeEach
    void copy() throws IOException {
        copy = temp.resolve("copy");
        Disk.deleteTree(copy);
        for (Path file : files(whole, "|.*")) {
            putBack(file);
        }
        words.start();
        logs.addAppender(words);
    }

    @AfterEach
    void listenNoMore() {
        logs.detachAppender(words);
    }

    private void putBack(Path file) throws IOException {
        Path place = copy.resolve(whole.relativize(file).toString());
        if (Files.isDirectory(file)) {
            Files.createDirectories(place);
        } else {
            Files.deleteIfExists(place);
            Files.copy(file, place);
        }
    }

    /** Those that match; MIDDLE and LAST are of the log's row, NEWEST is a checkpoint. */
    private static List<Path> files(Path directory, String pattern) throws IOException {
        if (pattern.endsWith("MIDDLE") || pattern.endsWith("LAST")) {
            List<Path> row = files(directory, "member/wal/.*\\.wal");
            return List.of(pattern.endsWith("LAST") ? row.getLast() : row.get(row.size() / 2));
        }
        Pattern named = Pattern.compile(pattern.replace("NEWEST", newestCheckpoint()));
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(
                            file -> named.matcher(directory.relativize(file).toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    private static String newestCheckpoint() throws IOException {
        try (Stream<Path> checkpoints = Files.list(whole.resolve("member/snap"))) {
            return checkpoints
                    .map(checkpoint -> checkpoint.getFileName().toString())
                    .max(
                            Comparator.comparingLong(name ->
                                    Long.parseLong(name.substring(name.lastIndexOf('-') + 1))))
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void damage_is_named_and_has_a_way_back(DamageCase harmed) throws Exception {
        for (Path file : files(copy, harmed.before().isEmpty() ? "-" : harmed.before())) {
            Files.delete(file);
        }
        List<Path> harmedFiles =
                files(copy, harmed.file()).stream().filter(Files::isRegularFile).toList();
        assertThat(harmedFiles).as("files that match %s", harmed.file()).isNotEmpty();
        for (Path file : harmedFiles) {
            harmed.harm().to(file, harmed.seed());
        }
        switch (harmed.to()) {
            case SERVES -> assertServes();
            case MADE_ANEW -> {
                if (!serves()) {
                    assertServes();
                }
                assertThat(copy.resolve("member/state/damaged")).isDirectory();
            }
            case REFUSED -> {
                assertThat(refusal()).contains(harmed.says()).doesNotContain("\n", "Exception");
                if (harmed.harm() == DamageCase.Harm.DELETED) {
                    goBack(harmed);
                }
            }
        }
        if (harmed.to() != DamageCase.Outcome.REFUSED) {
            assertThat(said()).contains(harmed.says());
        }
    }

    /** The document's steps: the file, or the checkpoint of another member, from a copy. */
    private void goBack(DamageCase harmed) throws Exception {
        for (Path file : files(whole, harmed.file())) {
            putBack(file);
        }
        assertServes();
    }

    private String said() {
        return String.join(
                "\n", words.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    }

    private void assertServes() throws Exception {
        assertThat(serves()).as("serves; it said: %s", said()).isTrue();
    }

    /** Whether it starts and goes on; then it must have what it had, and take more. */
    private boolean serves() throws Exception {
        try (EtcdServer member = SmallMember.start(copy)) {
            member.ready().get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(member.machine().hashKv(0).getHash()).isEqualTo(hash);
            SmallMember.put(member, 1000, 1003);
            return !member.failure().isDone();
        } catch (ExecutionException | IllegalStateException damaged) {
            assertThat(said()).contains("restart this member");
            return false;
        }
    }

    private String refusal() throws Exception {
        try (EtcdServer member = SmallMember.start(copy)) {
            member.ready().get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            throw new AssertionError("started on damaged files");
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void a_log_whose_end_is_gone_is_refused_though_nothing_of_it_is_damaged() throws Exception {
        // What it would acknowledge next, it would pass over as applied.
        Path last = files(copy, "LAST").getFirst();
        byte[] bytes = Files.readAllBytes(last);
        Arrays.fill(bytes, 1024, bytes.length, (byte) 0);
        Files.write(last, bytes);

        assertThat(refusal())
                .containsPattern("the log ends with entry \\d+, but the state holds entry 37\\d");
    }

    @Test
    void a_log_of_an_earlier_version_is_refused_with_a_word() throws Exception {
        Disk.deleteTree(copy.resolve("member/wal"));
        Files.createDirectories(copy.resolve("member/log"));

        assertThat(refusal()).contains("member/log", "earlier version");
    }

    @Test
    void a_block_found_damaged_while_running_makes_the_member_unhealthy_and_names_the_file()
            throws Exception {
        try (EtcdServer member = SmallMember.start(copy)) {
            member.ready().get(SmallMember.PATIENCE_SECONDS, TimeUnit.SECONDS);
            int port = member.addresses().getFirst().getPort();
            assertThat(get(port, "/health").body()).isEqualTo("{\"health\":\"true\"}");
            List<Path> tables = files(copy, "member/state/live/.*\\.sst");
            for (Path table : tables) {
                overwrite(table);
            }

            assertThat(reads(member)).isFalse();

            HttpResponse<String> health = get(port, "/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body())
                    .startsWith("{\"health\":\"false\",\"reason\":\"the store in ")
                    .contains(".sst", "restart this member");
            assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(port, "/livez").statusCode()).isEqualTo(503);
            assertThat(get(port, "/metrics").body()).contains("flotilla_store_failed 1");
            assertThat(member.failure()).isCompletedExceptionally();
            assertThat(said()).contains("is damaged", ".sst");
        }
        assertServes();
        assertThat(said()).contains("it is made anew from a checkpoint and the log");
    }

    private static boolean reads(EtcdServer member) {
        try {
            RangeResponse all = Commands.read(member.machine(), Commands.range("\0", "\0", 0));
            return all.getCount() > 0;
        } catch (IllegalStateException damaged) {
            return false;
        }
    }

    /** In place, as a disk does it. */
    private static void overwrite(Path table) throws IOException {
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.WRITE)) {
            for (long at = 0; at < channel.size(); at += 64) {
                channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), at);
            }
        }
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void the_document_has_a_row_for_each_kind_of_file_and_each_row_has_its_case() throws Exception {
        Set<String> tested = new TreeSet<>(ELSEWHERE);
        cases().map(DamageCase::row).forEach(tested::add);

        assertThat(rows("## A member of the store")).isEqualTo(tested);
    }

    private static Set<String> rows(String heading) throws IOException {
        String section = Files.readString(DOCUMENT).split(Pattern.quote(heading), 2)[1];
        section = section.split("\n## ", 2)[0];
        Set<String> rows = new TreeSet<>();
        section.lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| file"))
                .forEach(line -> rows.add(line.split("\\|")[1].strip()));
        return rows;
    }
}
