package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cli.start.CommandsJar;
import flotilla.cli.start.HelpPages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The pages made at build time, read by the class as a command has it: with their jar first. */
class HelpPagesTest {
    @TempDir private static Path directory;
    private static URLClassLoader withPages;

    @BeforeAll
    static void write() throws IOException {
        Path jar = directory.resolve("commands.jar");
        CommandsJar.write(jar, CommandTree.whole());
        URL own = HelpPages.class.getProtectionDomain().getCodeSource().getLocation();
        URL picocli = CommandLine.class.getProtectionDomain().getCodeSource().getLocation();
        withPages =
                new URLClassLoader(
                        new URL[] {jar.toUri().toURL(), own, picocli},
                        ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        withPages.close();
    }

    /** What is printed; "no page" when the command itself has to be asked. */
    private static String page(String... arguments) throws Exception {
        Method print =
                withPages
                        .loadClass(HelpPages.class.getName())
                        .getMethod("print", PrintStream.class, String[].class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Object printed =
                print.invoke(null, new PrintStream(out, true, StandardCharsets.UTF_8), arguments);
        return printed.equals(true) ? out.toString(StandardCharsets.UTF_8) : "no page";
    }

    private static String said(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine flotilla = CommandTree.of(arguments);
        flotilla.setOut(new PrintWriter(out));
        assertThat(flotilla.execute(arguments)).isZero();
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "help",
                "",
                "up --help",
                "list-units -h",
                "help list-units",
                "machine kill --help",
                "help machine kill",
                "help help",
                "fleetctl list-units --help",
                "completion --help"
            })
    void a_page_says_what_the_command_would_say_of_itself(String line) throws Exception {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        assertThat(page(arguments)).isEqualTo(said(arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list-units",
                "list-units --full --help",
                "--version",
                "nonsense --help",
                "help nonsense",
                "../help/flotilla-up --help",
                "etcd --help",
                "help discovery",
                "rehearse --help"
            })
    void what_asks_for_something_else_is_left_to_the_commands(String line) throws Exception {
        assertThat(page(line.split(" "))).isEqualTo("no page");
    }

    @Test
    void without_their_jar_there_are_no_pages() {
        PrintStream out =
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

        assertThat(HelpPages.print(out, "--help")).isFalse();
    }

    @Test
    void no_listed_command_is_without_a_page() throws Exception {
        List<String> daemons = List.of("etcd", "fleetd", "discovery");
        for (CommandLine listed : CommandTree.whole().getSubcommands().values()) {
            String name = listed.getCommandName();
            boolean skipped =
                    listed.getCommandSpec().usageMessage().hidden() || daemons.contains(name);
            assertThat(page(name, "--help").equals("no page")).as(name).isEqualTo(skipped);
        }
        assertThat(Arrays.asList(page("--help").split("\n"))).hasSizeGreaterThan(20);
    }
}
