package flotilla.raft.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The core against its transcripts, one for each story of what goes wrong in practice. {@code >
 * command} is what happens ({@link Scene} has the commands), below it stands what the members do;
 * lines with {@code #} tell the story. A message is said when it is sent; it stays on its link
 * until it is delivered or dropped. {@code -Dgolden.update} writes what the core does now into the
 * files; read the difference.
 */
class TranscriptTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/flotilla/raft/testdata");

    static List<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void the_core_does_what_its_transcript_says(Path file) throws IOException {
        String expected = Files.readString(file);

        String actual = Scene.replay(expected);

        if (System.getProperty("golden.update") != null) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual).as(file.toString()).isEqualTo(expected);
        }
    }
}
