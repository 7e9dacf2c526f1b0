package flotilla.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The launcher's search for a JDK, among directories that only look like one; and what it has
 * tested.
 */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("../../flotilla").toAbsolutePath().normalize();

    @TempDir Path directory;
    private Path jvms;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void jvms() throws IOException {
        jvms = Files.createDirectories(directory.resolve("jvm"));
    }

    @Test
    void the_first_jdk_of_the_system_that_is_new_enough_is_taken() throws Exception {
        jdk("java-11", "11.0.2");
        jdk("java-17", "17.0.15");
        Path right = jdk("java-25", "25.0.3");

        assertThat(javaHome(Map.of())).isEqualTo(new Outcome(0, right + "\n", ""));
    }

    @Test
    void java_home_goes_before_the_systems_when_it_is_new_enough() throws Exception {
        Path system = jdk("java-25", "25");
        Path newer = jdk("own-26", "26-ea");

        assertThat(javaHome(Map.of("JAVA_HOME", newer.toString())).out()).isEqualTo(newer + "\n");
        assertThat(javaHome(Map.of("JAVA_HOME", jdk("own-17", "17").toString())).out())
                .isEqualTo(system + "\n");
    }

    @Test
    void a_flotilla_java_home_that_is_too_old_is_refused_by_name() throws Exception {
        jdk("java-25", "25");
        Path old = jdk("own-21", "21.0.1");

        Outcome outcome = javaHome(Map.of("FLOTILLA_JAVA_HOME", old.toString()));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .isEqualTo(
                        "flotilla: FLOTILLA_JAVA_HOME="
                                + old
                                + " is JDK 21: set it to a JDK 25 or newer, or unset it\n");
    }

    @Test
    void without_any_the_message_says_where_to_get_one() throws Exception {
        jdk("java-17", "17.0.15");

        Outcome outcome = javaHome(Map.of());

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("flotilla: no JDK 25 or newer found")
                .contains("FLOTILLA_JAVA_HOME");
    }

    @Test
    void it_finds_its_repository_through_a_relative_symlink() throws Exception {
        Path jdk = jdk("java-25", "25");
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path first = Files.createSymbolicLink(bin.resolve("first"), LAUNCHER);
        Files.createSymbolicLink(bin.resolve("flotilla"), first.getFileName());

        assertThat(run(bin.resolve("flotilla"), Map.of()).out()).isEqualTo(jdk + "\n");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "store,                     flotilla/store/**/*Test, flotilla/store/**/*IT",
                "store WatchTest,           WatchTest,               none",
                "conformance StoryIT,       none,                    StoryIT",
            })
    void a_room_or_one_class_of_it_is_tested_with_what_it_stands_on(
            String typed, String tests, String clusters) throws Exception {
        Outcome outcome = test(typed);

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .startsWith("mvn -B verify -pl modules/" + typed.split(" ")[0] + " -am ")
                .contains(" -Dtest=" + tests + " -Dit.test=" + clusters + " ");
    }

    @Test
    void everything_is_tested_when_no_room_is_named() throws Exception {
        assertThat(test("").out()).isEqualTo("mvn -B verify\n");
    }

    @Test
    void a_room_that_is_not_there_is_wrong_usage() throws Exception {
        assertThat(test("cellar"))
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                "flotilla: there is no room modules/cellar: ./flotilla test ROOM"
                                        + " [CLASS]\n"));
    }

    /** With a Maven that only says what it was told, and tools that only have to be there. */
    private Outcome test(String typed) throws Exception {
        jdk("java-25", "25");
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String program : new String[] {"mvn", "etcd", "etcdctl"}) {
            Path file =
                    Files.writeString(
                            tools.resolve(program), "#!/bin/sh\necho \"${0##*/}\" \"$@\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        List<String> arguments = new ArrayList<>(List.of("test"));
        arguments.addAll(typed.isEmpty() ? List.of() : List.of(typed.split(" ")));
        return run(LAUNCHER, Map.of(), arguments);
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = Files.createDirectories(jvms.resolve(name));
        Files.createDirectories(jdk.resolve("bin"));
        for (String program : new String[] {"java", "javac"}) {
            Path file = Files.writeString(jdk.resolve("bin").resolve(program), "#!/bin/sh\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private Outcome javaHome(Map<String, String> environment) throws Exception {
        return run(LAUNCHER, environment);
    }

    private Outcome run(Path launcher, Map<String, String> environment) throws Exception {
        return run(launcher, environment, List.of("--java-home"));
    }

    /** With a PATH that has the tools of a system but no java of it. */
    private Outcome run(Path launcher, Map<String, String> environment, List<String> arguments)
            throws Exception {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool :
                new String[] {"sed", "grep", "readlink", "dirname", "basename", "id", "find"}) {
            Path link = tools.resolve(tool);
            if (Files.notExists(link)) {
                Files.createSymbolicLink(link, Path.of("/usr/bin", tool));
            }
        }
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("FLOTILLA_JVM_DIR", jvms.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, err);
    }
}
