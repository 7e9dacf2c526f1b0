package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.discovery.token.TokenTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenLogTest {
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
}
