package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FlotillaTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine flotilla = CommandTree.of(OriginalNames.translate(arguments));
        flotilla.setOut(new PrintWriter(out));
        flotilla.setErr(new PrintWriter(err));
        return flotilla.execute(OriginalNames.translate(arguments));
    }

    @Test
    void an_unknown_command_is_wrong_usage_and_names_what_was_perhaps_meant() {
        assertThat(run("compltion")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("flotilla: there is no command compltion: did you mean completion?")
                .contains("See flotilla --help");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void help_has_examples_and_goes_to_stdout() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("Examples:")
                .contains("flotilla start examples/api@{1..6}.service");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void fleetctl_answers_to_the_beginning_of_a_command_and_tells_its_own_version() {
        assertThat(run("fleetctl", "list-m", "--help")).isZero();
        assertThat(run("fleetctl", "--version")).isZero();
        assertThat(out.toString())
                .contains("Usage: flotilla fleetctl list-machines")
                .contains("fleetctl version 1.0.0");
    }

    @Test
    void etcd_prints_its_version_in_four_lines_of_which_programs_read_the_first() {
        assertThat(run("etcd", "--version")).isZero();
        assertThat(out.toString().lines())
                .hasSize(4)
                .startsWith("etcd Version: 3.4.23")
                .anyMatch(line -> line.startsWith("Git SHA: "))
                .anyMatch(line -> line.startsWith("Go Version: "))
                .anyMatch(line -> line.startsWith("Go OS/Arch: linux/"));
    }

    @Test
    void gos_flags_may_have_one_dash_or_two() {
        String[] one = {"coreos-cloudinit", "-from-file=x", "-validate", "--", "-not-mine"};

        assertThat(OriginalNames.translate(one))
                .containsExactly(
                        "coreos-cloudinit", "--from-file=x", "--validate", "--", "-not-mine");
        assertThat(OriginalNames.translate(new String[] {"fleetctl", "journal", "-f"}))
                .containsExactly("fleetctl", "journal", "-f");
        String[] far = {"fleetctl", "-tunnel", "a", "ssh", "-machine", "x", "ls", "-la"};
        assertThat(OriginalNames.translate(far))
                .containsExactly("fleetctl", "--tunnel", "a", "ssh", "--machine", "x", "ls", "-la");
        assertThat(OriginalNames.translate(new String[] {"up", "-n", "3"}))
                .containsExactly("up", "-n", "3");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "strat,             there is no command strat: did you mean start?",
        "list-unit,         there is no command list-unit: did you mean list-units?",
        "machine kil x,     there is no command kil: did you mean kill?",
        "fleetctl stauts x, there is no command stauts: did you mean status?",
        "up --machins 3,    there is no option --machins here: did you mean --machines?",
        "zzzzzzzz,          there is no command zzzzzzzz",
        "machine,           Missing required subcommand",
        "start,             Missing required parameter: 'UNIT'",
    })
    void wrong_usage_is_told_with_a_good_guess_and_exits_with_2(String line, String words) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines().findFirst()).contains("flotilla: " + words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list-units --fields=nonsense --endpoint=nowhere",
                "start ?.x.service",
                "help nonsense",
                "man nonsense"
            })
    void what_shows_only_while_a_command_runs_is_wrong_usage_all_the_same(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
    }

    @Test
    void help_of_a_command_is_what_its_own_help_says() {
        assertThat(run("machine", "kill", "--help")).isZero();
        String own = out.toString();
        out.getBuffer().setLength(0);

        assertThat(run("help", "machine", "kill")).isZero();
        assertThat(out.toString()).isEqualTo(own);
    }

    @Test
    void a_command_that_is_not_asked_for_is_only_mentioned_and_listed_all_the_same() {
        CommandLine some = CommandTree.of("--help");

        assertThat(some.getUsageMessage()).isEqualTo(CommandTree.whole().getUsageMessage());
        assertThat(options(some, "up")).isEmpty();
    }

    @Test
    void behind_a_commands_name_the_others_are_not_even_mentioned() {
        CommandLine one = CommandTree.of("fleetctl", "--endpoint", "x", "list-u");

        assertThat(one.getSubcommands()).containsOnlyKeys("fleetctl");
        assertThat(options(one, "fleetctl", "list-units")).isNotEmpty();
        assertThat(options(one, "fleetctl", "cat")).isEmpty();
    }

    private static List<CommandLine.Model.OptionSpec> options(CommandLine top, String... path) {
        CommandLine at = top;
        for (String name : path) {
            at = Objects.requireNonNull(at.getSubcommands().get(name));
        }
        return at.getCommandSpec().options();
    }
}
