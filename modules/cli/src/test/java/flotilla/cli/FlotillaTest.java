package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FlotillaTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine flotilla = Flotilla.commandLine();
        flotilla.setOut(new PrintWriter(out));
        flotilla.setErr(new PrintWriter(err));
        return flotilla.execute(OriginalNames.translate(arguments));
    }

    @Test
    void an_unknown_command_is_wrong_usage_and_names_what_was_perhaps_meant() {
        assertThat(run("compltion")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("flotilla: Unmatched argument at index 0: 'compltion'")
                .contains("completion")
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
        assertThat(OriginalNames.translate(new String[] {"up", "-n", "3"}))
                .containsExactly("up", "-n", "3");
    }
}
