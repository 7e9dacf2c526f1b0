package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
    private static final Path GROFF = Path.of("/usr/bin/groff");

    private final Map<String, String> pages = ManPage.ofAll(CommandTree.whole());

    @Test
    void each_command_that_help_shows_has_a_page_and_no_other() {
        assertThat(pages)
                .containsKeys("flotilla", "flotilla-up", "flotilla-machine-kill")
                .containsKey("flotilla-fleetctl-list-units")
                .doesNotContainKey("flotilla-rehearse");
    }

    @Test
    void a_page_says_what_help_says() {
        assertThat(pages.get("flotilla-up"))
                .startsWith(
                        ".TH FLOTILLA\\-UP 1\n.ad l\n.SH NAME\nflotilla\\-up \\- Bring up a cluster")
                .contains(".SH SYNOPSIS\nflotilla up [")
                .contains(".B \\-\\-user\\-data=FILE\n")
                .contains(".SH EXAMPLES\n.nf\n  flotilla up")
                .contains(".SH SEE ALSO\nflotilla(1)\n");
    }

    @Test
    void what_roff_would_take_for_its_own_is_kept_from_it() {
        assertThat(String.join("", pages.values()).lines())
                .allMatch(line ->
                        !line.startsWith("'") && !line.matches("\\.(?!(TH|ad|SH|TP|B|nf|fi)\\b).*"))
                .noneMatch(line -> line.contains("%n") || line.contains("${"));
    }

    @Test
    void groff_has_nothing_to_say_against_them(@TempDir Path directory)
            throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(GROFF), "groff is not installed");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Path file = Files.writeString(directory.resolve(page.getKey()), page.getValue());
            Process groff =
                    new ProcessBuilder(GROFF.toString(), "-ww", "-man", "-z", file.toString())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).as(page.getKey()).isEmpty();
            assertThat(groff.waitFor()).isZero();
        }
    }
}
