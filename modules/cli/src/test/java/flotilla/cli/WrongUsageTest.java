package flotilla.cli;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What holds for every command there is, and for the next one too. */
class WrongUsageTest {
    private static Stream<List<String>> commands() {
        List<List<String>> found = new ArrayList<>();
        add(CommandTree.whole(), List.of(), found);
        return found.stream();
    }

    private static void add(CommandLine command, List<String> path, List<List<String>> found) {
        found.add(path);
        command.getSubcommands()
                .forEach((name, below) ->
                        add(below, Stream.concat(path.stream(), Stream.of(name)).toList(), found));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void an_option_that_a_command_has_not_is_wrong_usage(List<String> path) {
        List<String> words = new ArrayList<>(path);
        words.add("--no-such-option");
        StringWriter err = new StringWriter();
        CommandLine flotilla = CommandTree.of(words.toArray(String[]::new));
        flotilla.setErr(new PrintWriter(err));

        assertThat(flotilla.execute(words.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("flotilla: ")
                // picocli looks for what is missing first; etcd has words of its own.
                .containsAnyOf(
                        "there is no option --no-such-option here",
                        "Missing required ",
                        "flag provided but not defined: -no-such-option")
                .contains(
                        "\nSee flotilla"
                                + path.stream().map(" "::concat).collect(joining())
                                + " --help");
    }
}
