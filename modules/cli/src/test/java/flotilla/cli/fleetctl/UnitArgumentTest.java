package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitArgumentTest {
    @ParameterizedTest
    @CsvSource({
        "hello,                    hello.service",
        "hello.service,            hello.service",
        "examples/api@1.service,   api@1.service",
        "/etc/units/backup.timer,  backup.timer",
        "web.v2,                   web.v2.service",
    })
    void a_name_or_a_path_is_a_unit_and_without_a_known_suffix_a_service(
            String typed, String name) {
        assertThat(new UnitArgument(typed).name().full()).isEqualTo(name);
    }

    @Test
    void what_can_not_be_a_unit_is_refused() {
        assertThatThrownBy(() -> new UnitArgument("a b").name())
                .isInstanceOf(UsageFailure.class)
                .hasMessageContaining("invalid character");
    }

    @Test
    void an_instance_is_found_through_the_template_beside_it(@TempDir Path directory)
            throws IOException {
        Files.writeString(directory.resolve("api@.service"), "[Service]\nExecStart=/bin/true\n");
        UnitArgument argument = new UnitArgument(directory.resolve("api@7").toString());

        assertThat(argument.file()).isEmpty();
        assertThat(argument.templateFile().orElseThrow().file().option("Service", "ExecStart"))
                .contains("/bin/true");
    }

    @Test
    void what_no_machine_could_give_is_refused_with_file_and_line(@TempDir Path directory)
            throws IOException {
        Path file = directory.resolve("a.service");
        Files.writeString(file, "[Service]\nExecStart=/bin/true\n[X-Fleet]\nMemory=lots\n");
        UnitArgument argument = new UnitArgument(file.toString());

        assertThatThrownBy(() -> argument.file().orElseThrow().checked(argument.name()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(file + ":4:1: Memory: lots is no size");
    }

    @Test
    void a_file_that_says_nothing_is_refused(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.service"), "# nothing yet\n");

        assertThatThrownBy(() -> new UnitArgument(file.toString()).file())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("says nothing");
    }
}
