package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Journal.From;
import flotilla.machine.JournalLine;
import flotilla.platform.Registration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFilesTest {
    private static final long MEMORY = 4 << 20;
    private static final long DISK = 64 << 20;
    private static final String UNIT = "a.service";

    @TempDir Path root;
    private Path directory;
    private JournalFiles journal;

    @BeforeEach
    void open() {
        directory = root.resolve("journal");
        journal = new JournalFiles(directory, MEMORY, DISK);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void four_thousand_lines_of_47_000_characters_are_held_on_disk_and_within_their_limit()
            throws IOException {
        journal.collect(UNIT, "flood", 1, lines(4000, 47_000));
        awaitLine("3999");

        List<JournalLine> last = journal.last(UNIT, 1000);

        assertThat(characters(last)).isLessThan(MEMORY / 8);
        assertThat(last.getFirst().message()).startsWith("older lines are left out");
        assertThat(last.getLast().message()).startsWith("3999 ").hasSize(47_000);
        assertThat(journal.last(UNIT, 3))
                .extracting(JournalFilesTest::number)
                .containsExactly("3997", "3998", "3999");
        assertThat(bytesOnDisk()).isLessThan(2 * JournalFile.FILE_BYTES_MAX + 200_000);
        await().until(() -> journal.bytesHeld() == 0);
    }

    @Test
    void lines_are_read_from_the_file_before_the_last_one_too() {
        for (int i = 0; i < 100; i++) {
            journal.log(UNIT, "a", 1, i + " " + "x".repeat(45_000));
        }

        assertThat(directory.resolve("a.service.log.1")).exists();
        assertThat(journal.last(UNIT, 10))
                .extracting(JournalFilesTest::number)
                .containsExactly("90", "91", "92", "93", "94", "95", "96", "97", "98", "99");
    }

    @Test
    void output_without_a_line_end_is_cut_into_lines() {
        journal.collect(UNIT, "endless", 1, new ByteArrayInputStream(new byte[400_000]));

        await().until(() -> journal.last(UNIT, 100).size() == 9);
        assertThat(journal.last(UNIT, 1).getFirst().message())
                .hasSize(400_000 % LineReader.LINE_BYTES_MAX);
    }

    @Test
    void a_slow_reader_loses_lines_and_is_told_so_and_nobody_waits_for_it() throws IOException {
        CountDownLatch reads = new CountDownLatch(1);
        List<String> read = new CopyOnWriteArrayList<>();
        Registration following =
                journal.follow(
                        UNIT,
                        new From.Last(0),
                        line -> {
                            awaitQuietly(reads);
                            read.add(line.message());
                        });

        for (int i = 0; i < 200; i++) {
            journal.log(UNIT, "a", 1, "x".repeat(40_000));
        }
        assertThat(journal.bytesHeld()).isLessThanOrEqualTo(1 << 20);
        reads.countDown();

        await().until(() -> read.stream().anyMatch(line -> line.contains("lines were dropped")));
        following.close();
        await().until(() -> journal.bytesHeld() == 0);
    }

    @Test
    void a_reader_that_fails_ends_and_holds_nothing() throws IOException {
        journal.follow(
                UNIT,
                new From.Last(0),
                _ -> {
                    throw new IllegalStateException("the connection has gone");
                });
        journal.log(UNIT, "a", 1, "one");
        journal.log(UNIT, "a", 1, "two");

        await().until(() -> journal.bytesHeld() == 0);
    }

    @Test
    void a_program_that_logs_too_much_is_cut_short_with_a_word() throws IOException {
        journal.collect(UNIT, "yes", 7, lines(RateLimit.LINES_MAX + 500, 10));

        await().until(() ->
                !journal.last(UNIT, 1).isEmpty()
                        && journal.last(UNIT, 1)
                                .getFirst()
                                .message()
                                .equals("Suppressed 500 lines of yes[7]"));
        assertThat(journal.last(UNIT, 2).getFirst().message())
                .isEqualTo(
                        "yes[7] logs more than 10000 lines in 30 s: further ones are dropped till then");
    }

    @Test
    void a_journal_that_can_not_be_written_keeps_its_last_lines_and_says_later_what_is_lost()
            throws IOException {
        Path inTheWay = directory.resolve("a.service.log");
        Files.createDirectories(inTheWay.resolve("sub"));
        for (int i = 0; i < 30; i++) {
            journal.log(UNIT, "a", 1, i + " " + "x".repeat(1000));
        }
        assertThat(journal.last(UNIT, 100)).hasSizeBetween(10, 20);
        assertThat(journal.last(UNIT, 1).getFirst().message()).startsWith("29 ");
        Files.delete(inTheWay.resolve("sub"));
        Files.delete(inTheWay);

        await().until(() -> {
            journal.log(UNIT, "a", 1, "again");
            return Files.isRegularFile(inTheWay);
        });

        assertThat(journal.last(UNIT, 1000))
                .extracting(JournalLine::message)
                .anyMatch(
                        line -> line.endsWith("lines were lost: the journal could not be written"))
                .contains("again");
    }

    @Test
    void a_pipe_in_the_place_of_a_journal_holds_nobody_up() throws Exception {
        Files.createDirectories(directory);
        Process made =
                new ProcessBuilder("mkfifo", directory.resolve("a.service.log").toString()).start();
        assertThat(made.waitFor()).isZero();

        journal.log(UNIT, "a", 1, "one");

        assertThat(journal.last(UNIT, 9)).extracting(JournalLine::message).containsExactly("one");
    }

    @Test
    void a_line_after_a_torn_one_is_whole_and_damage_is_passed_over() throws IOException {
        journal.log(UNIT, "a", 1, "one");
        journal.close();
        byte[] damage = {0, (byte) 0xff, '\n', 1, 2, ' ', '3', ' ', '4', '\n', '1', '2', ' ', '7'};
        Files.write(directory.resolve("a.service.log"), damage, StandardOpenOption.APPEND);

        journal.log(UNIT, "a", 1, "two");

        assertThat(journal.last(UNIT, 9))
                .extracting(JournalLine::message)
                .containsExactly("one", "two");
    }

    @Test
    void all_journals_together_keep_their_limit_and_the_oldest_go_first() throws IOException {
        long limit = 2 << 20;
        try (JournalFiles small = new JournalFiles(directory, MEMORY, limit)) {
            for (int i = 0; i < 1000; i++) {
                small.log("unit-" + i + ".service", "a", 1, "x".repeat(3000));
            }

            assertThat(bytesOnDisk()).isLessThan(limit);
            assertThat(small.last("unit-999.service", 1)).hasSize(1);
            assertThat(small.last("unit-0.service", 1)).isEmpty();
        }
    }

    /** Lines that begin with their number, made as they are read. */
    private static InputStream lines(int count, int length) {
        return new InputStream() {
            private int number;
            private byte[] line = new byte[0];
            private int at;

            @Override
            public int read() {
                throw new UnsupportedOperationException("read more at once");
            }

            @Override
            public int read(byte[] bytes, int from, int most) {
                if (at == line.length) {
                    if (number == count) {
                        return -1;
                    }
                    line = numbered(number++, length);
                    at = 0;
                }
                int size = Math.min(most, line.length - at);
                System.arraycopy(line, at, bytes, from, size);
                at += size;
                return size;
            }
        };
    }

    private static byte[] numbered(int number, int length) {
        byte[] line = new byte[length + 1];
        Arrays.fill(line, (byte) 'x');
        byte[] head = (number + " ").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, line, 0, head.length);
        line[length] = '\n';
        return line;
    }

    private void awaitLine(String number) {
        await().until(() ->
                journal.last(UNIT, 1).stream().anyMatch(line -> number(line).equals(number)));
    }

    private static String number(JournalLine line) {
        return line.message().split(" ")[0];
    }

    private static long characters(List<JournalLine> lines) {
        return lines.stream().mapToLong(line -> line.message().length()).sum();
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
