package flotilla.machine.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a unit's files may be and lead to: beyond it one unit's trouble, and no other's. */
@Timeout(120)
class UnitLimitsTest {
    private static final String WELL = "[Service]\nType=oneshot\nExecStart=/bin/true\n";

    @TempDir private Path folder;

    private final Machine machine;
    private final Path units;

    UnitLimitsTest(@TempDir Path root) throws IOException {
        machine = new Machine(root);
        units = root.resolve("run/systemd/system");
    }

    @BeforeEach
    void another_unit() throws IOException {
        machine.unit("well.service", WELL);
    }

    @AfterEach
    void that_starts_whatever_became_of_the_first() throws Exception {
        try (machine) {
            assertThat(machine.start("well.service")).isEqualTo(JobResult.DONE);
        }
    }

    @Test
    void more_drop_ins_than_a_person_writes_are_a_load_error() throws Exception {
        Files.writeString(units.resolve("a.service"), WELL);
        for (int i = 0; i < 256; i++) {
            dropIn("a.service", i, "[Service]\nEnvironment=A=1\n");
        }
        machine.reload();
        assertThat(machine.start("a.service")).isEqualTo(JobResult.DONE);

        dropIn("a.service", 256, "");
        machine.reload();

        assertNotLoaded("a.service", "257 drop-ins, the last one ", "256 are the most");
    }

    @Test
    void drop_ins_that_are_too_long_together_are_a_load_error_that_names_the_last()
            throws Exception {
        Files.writeString(units.resolve("a.service"), WELL);
        for (int i = 0; i < 3; i++) {
            dropIn("a.service", i, "#".repeat(400_000));
        }
        machine.reload();

        assertNotLoaded("a.service", "a.service.d/2.conf are longer than 1,048,576 characters");
    }

    @Test
    void specifiers_that_would_fill_the_heap_are_a_load_error() throws Exception {
        String name = "a".repeat(200) + ".service";
        for (String specifier : List.of("%n", "\\x25n", "\\045n")) {
            String line = (specifier + specifier).repeat(100_000);
            Files.writeString(units.resolve(name), "[Service]\nExecStart=/bin/echo " + line + "\n");
            machine.reload();

            assertNotLoaded(name, "specifiers in place, unit files are longer than 4,194,");
        }
    }

    @Test
    void units_for_which_there_is_no_room_are_not_loaded_and_those_that_are_stay()
            throws Exception {
        for (int i = 0; i < 3; i++) {
            machine.unit("a" + i + ".service", WELL + "#" + "x".repeat(1_000_000));
        }
        machine.unit("0.service", WELL + "#" + "x".repeat(1_000_000));
        machine.unit("1.service", WELL + "#" + "x".repeat(1_000_000));

        machine.reload();

        assertThat(machine.state("0.service").load()).isEqualTo("loaded");
        assertNotLoaded("1.service", "unit files are longer than 4,194,");
        for (int i = 0; i < 3; i++) {
            assertThat(machine.start("a" + i + ".service")).isEqualTo(JobResult.DONE);
        }
        Files.delete(units.resolve("a1.service"));
        machine.reload();
        machine.reload();
        assertThat(machine.start("1.service")).isEqualTo(JobResult.DONE);
    }

    @Test
    void variables_that_would_fill_the_heap_are_refused_before_they_do() throws Exception {
        Path file = Files.writeString(folder.resolve("env"), "A=" + "x".repeat(100_000) + "\n");
        for (String variable : List.of("${A}", "$A ")) {
            machine.service(
                    "a.service",
                    "EnvironmentFile=%s; ExecStart=/bin/echo %s"
                            .formatted(file, variable.repeat(100_000)));

            assertFails("a.service", "The arguments of /bin/echo are too long");
        }
    }

    @Test
    void arguments_and_variables_that_the_kernel_does_not_take_are_named() throws Exception {
        Path one = Files.writeString(folder.resolve("one"), "A=" + "x".repeat(131_070) + "\n");
        String hundredThousand = "x".repeat(100_000);
        for (int i = 0; i < 12; i++) {
            Files.writeString(folder.resolve(i + ".env"), "A" + i + "=" + hundredThousand + "\n");
        }
        String lines =
                IntStream.range(0, 9)
                        .mapToObj(i -> "Environment=B" + i + "=" + hundredThousand + "; ")
                        .collect(Collectors.joining());
        machine.service("a.service", "EnvironmentFile=" + one + "; ExecStart=/bin/true");
        assertFails("a.service", "begins with A=xxxxx", "131,072 bytes long; 131,071 is the most");

        machine.service(
                "a.service", lines + "EnvironmentFile=" + folder + "/*.env; ExecStart=/bin/true");
        assertFails("a.service", "its arguments and environment together are too long");
    }

    @Test
    void environment_files_that_are_too_long_together_or_hold_a_nul_are_refused() throws Exception {
        for (int i = 0; i < 5; i++) {
            Files.writeString(folder.resolve(i + ".env"), "#".repeat(1_000_000));
        }
        machine.service("a.service", "EnvironmentFile=" + folder + "/*.env; ExecStart=/bin/true");
        assertFails("a.service", "2.env are longer than 2,097,152 characters");

        Path nul = Files.writeString(folder.resolve("nul"), "A=b\0c\n");
        machine.service("a.service", "EnvironmentFile=" + nul + "; ExecStart=/bin/true");
        assertFails("a.service", nul + " holds a NUL byte");
    }

    @Test
    void ten_thousand_units_in_a_row_start_and_stop_in_order() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            Files.writeString(
                    units.resolve("t" + i + ".target"),
                    "[Unit]\nRequires=t%d.target\n".formatted(Math.min(i + 1, 9_999)));
        }
        machine.reload();

        assertThat(machine.start("t0.target")).isEqualTo(JobResult.DONE);
        assertThat(machine.state("t9999.target").isActive()).isTrue();
        assertThat(machine.stop("t9999.target")).isEqualTo(JobResult.DONE);
        assertThat(machine.state("t0.target").isActive()).isFalse();
    }

    @Test
    void units_that_wait_for_each_other_are_refused_with_the_circle() throws Exception {
        machine.unit("a.service", "[Unit]\nRequires=b.service\nAfter=b.service\n" + WELL);
        machine.unit("b.service", "[Unit]\nAfter=a.service\n" + WELL);

        assertThat(machine.start("a.service")).isEqualTo(JobResult.DEPENDENCY);
        assertThat(machine.lines("a.service"))
                .contains(
                        "Cannot start a.service: Transaction order is cyclic: a.service after"
                                + " b.service after a.service");
        assertThat(machine.start("b.service")).isEqualTo(JobResult.DONE);
    }

    private void dropIn(String unit, int number, String text) throws IOException {
        Path directory = Files.createDirectories(units.resolve(unit + ".d"));
        Files.writeString(directory.resolve(number + ".conf"), text);
    }

    private void assertNotLoaded(String unit, String... words) throws Exception {
        assertThat(machine.state(unit).load()).isEqualTo("error");
        assertThat(machine.start(unit)).isEqualTo(JobResult.NOT_LOADED);
        assertThat(machine.init.status(unit)).contains(words);
        assertThat(machine.lines(unit)).anyMatch(line -> line.contains(words[0]));
    }

    private void assertFails(String unit, String... words) throws Exception {
        machine.start(unit);
        await().until(() -> machine.state(unit).isFailed());
        for (String word : words) {
            assertThat(machine.lines(unit)).anyMatch(line -> line.contains(word));
        }
        machine.init.resetFailed(unit);
    }
}
