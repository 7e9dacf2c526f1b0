package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts, in the shells they are for; a shell that is not installed is skipped. */
class CompletionTest {
    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource({
        "mach, machine",
        "machine k, kill",
        "fleetctl list-m, list-machines",
        "up --mach, --machines",
        "completion f, fish"
    })
    void bash_completes_commands_and_options(String typed, String completed) throws Exception {
        String ask =
                """
                source %s
                COMP_WORDS=(flotilla %s); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _complete_flotilla; printf '%%s\\n' "${COMPREPLY[@]}"
                """
                        .formatted(script("bash"), typed);

        assertThat(ran(List.of("bash", "-c", ask))).contains(completed);
    }

    @ParameterizedTest
    @CsvSource({"mach, machine", "machine k, kill", "up --mach, --machines"})
    void fish_completes_commands_and_options(String typed, String completed) throws Exception {
        requireShell("fish");
        String ask = "source %s; complete -C 'flotilla %s'".formatted(script("fish"), typed);

        // Each with its description behind a tab.
        assertThat(ran(List.of("fish", "--no-config", "-c", ask)))
                .anyMatch(line -> line.split("\t", -1)[0].equals(completed));
    }

    @Test
    void zsh_takes_the_script() throws Exception {
        requireShell("zsh");

        assertThat(
                        ran(
                                List.of(
                                        "zsh",
                                        "-f",
                                        "-c",
                                        "autoload -U compinit; compinit -u; source "
                                                + script("zsh")
                                                + "; print ${_comps[flotilla]:+it is known}")))
                .contains("it is known");
    }

    private Path script(String shell) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(script, true, StandardCharsets.UTF_8));
        try {
            assertThat(Flotilla.run("completion", shell)).isZero();
        } finally {
            System.setOut(before);
        }
        return Files.write(directory.resolve("script"), script.toByteArray());
    }

    private static void requireShell(String name) {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
                name + " is not installed");
    }

    private List<String> ran(List<String> command) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("HOME", directory.toString());
        Process shell = builder.start();
        assertThat(shell.waitFor()).as("%s: %s", command, Files.readString(out)).isZero();
        return Files.readAllLines(out);
    }
}
