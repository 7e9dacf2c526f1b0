package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.discovery.token.Operation;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.disk.DamagedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLogTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir private Path directory;

    @Test
    void one_server_at_a_time_writes_it() throws IOException {
        try (TokenLog _ = TokenLog.open(directory, new TokenTree())) {
            assertThatThrownBy(() -> TokenLog.open(directory, new TokenTree()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another discovery service");
        }
        TokenLog.open(directory, new TokenTree()).close();
    }

    @Test
    void a_compaction_that_fails_leaves_no_file_open() throws IOException {
        TokenTree tree = new TokenTree();
        try (TokenLog log = TokenLog.open(directory, tree)) {
            Path inTheWay = Files.createDirectories(directory.resolve("tokens.log.moved"));
            Files.move(directory.resolve("tokens.log"), inTheWay.resolve("tokens.log"));
            Files.move(inTheWay, directory.resolve("tokens.log"));

            assertThatThrownBy(() -> log.compact(tree)).isInstanceOf(IOException.class);

            assertThat(openFiles()).noneMatch(file -> file.endsWith("tokens.log.next"));
        }
    }

    private List<Path> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(Files::isSymbolicLink)
                    .map(TokenLogTest::target)
                    .filter(file -> file.startsWith(directory))
                    .toList();
        }
    }

    /** One that is closed while the list is read leads nowhere. */
    private static Path target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor);
        } catch (IOException closed) {
            return Path.of("");
        }
    }

    /** The last line, of a registration that was answered; only half of it is a torn one. */
    @Test
    void no_flipped_bit_loses_a_registration_without_a_word() throws IOException {
        Path file = directory.resolve("tokens.log");
        registered(2);
        byte[] whole = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);

            assertThatThrownBy(() -> TokenLog.open(directory, new TokenTree()).close())
                    .as("bit %d", bit)
                    .isInstanceOf(DamagedFile.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("put it back from a copy");
        }
        Files.write(file, whole);
        assertThat(keys()).isEqualTo(2);
    }

    @Test
    void half_a_line_at_the_end_was_never_answered_and_is_cut_off() throws IOException {
        Path file = directory.resolve("tokens.log");
        registered(2);
        byte[] whole = Files.readAllBytes(file);
        int last = Files.readString(file).stripTrailing().lastIndexOf('\n') + 1;

        Files.write(file, Arrays.copyOf(whole, (last + whole.length) / 2));
        assertThat(keys()).isEqualTo(1);

        byte[] zeros = whole.clone();
        Arrays.fill(zeros, last + 20, whole.length, (byte) 0);
        Files.write(file, zeros);
        assertThat(keys()).isEqualTo(1);
    }

    /** The document's steps: see docs/operate/recover.md. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_log_that_is_gone_or_empty_is_named_until_it_is_back_or_given_up(boolean gone)
            throws IOException {
        Path file = directory.resolve("tokens.log");
        registered(1);
        byte[] copy = Files.readAllBytes(file);
        Files.delete(file);
        if (!gone) {
            Files.createFile(file);
        }
        assertThatThrownBy(this::keys)
                .isInstanceOf(DamagedFile.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("put it back from a copy, or delete")
                .hasMessageContaining(directory.resolve("lock").toString());

        Files.write(file, copy);
        assertThat(keys()).isEqualTo(1);

        Files.delete(file);
        Files.delete(directory.resolve("lock"));
        assertThat(keys()).isZero();
    }

    @Test
    void the_document_has_a_row_for_each_file() throws IOException {
        String section =
                Files.readString(Path.of("../../docs/operate/recover.md"))
                        .split("## The token service", 2)[1]
                        .split("\n## ", 2)[0];

        assertThat(section.lines().filter(line -> line.startsWith("| `")))
                .extracting(line -> line.split("\\|")[1].strip())
                .containsExactly("`tokens.log`", "`lock`");
    }

    private void registered(int members) throws IOException {
        TokenTree tree = new TokenTree();
        try (TokenLog log = TokenLog.open(directory, tree)) {
            append(log, tree, new Operation.Create(TOKEN, 3));
            for (int member = 0; member < members; member++) {
                append(
                        log,
                        tree,
                        new Operation.Put(
                                TOKEN,
                                "m" + member,
                                "a=http://a:1",
                                Operation.Condition.NONE,
                                null));
            }
        }
    }

    private static void append(TokenLog log, TokenTree tree, Operation operation)
            throws IOException {
        tree.apply(operation, 1);
        log.append(operation, 1);
    }

    /** How many keys are under the token after a start. */
    private int keys() throws IOException {
        TokenTree tree = new TokenTree();
        TokenLog.open(directory, tree).close();
        return tree.token(TOKEN).map(token -> token.visible().size()).orElse(0);
    }
}
