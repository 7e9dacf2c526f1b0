package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.MachineBody;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MachinesTest {
    private static final String FIRST = "aa11223344556677889900aabbccddee";
    private static final String SECOND = "aa99223344556677889900aabbccddee";
    private static final String THIRD = "cc11223344556677889900aabbccddee";

    private final Machines machines =
            Machines.of(
                    List.of(
                            machine(FIRST, "10.0.0.1", "core-01"),
                            machine(SECOND, "10.0.0.2", "cc"),
                            machine(THIRD, "10.0.0.3", null),
                            machine("core-0", null, null)));

    @ParameterizedTest
    @CsvSource({
        FIRST + ", " + FIRST,
        "core-01, " + FIRST,
        "10.0.0.2, " + SECOND,
        "aa11, " + FIRST,
        "aa112233..., " + FIRST,
        "cc1, " + THIRD,
        // A host name is meant before the beginning of another's id, an id before all.
        "cc, " + SECOND,
        "core-0, core-0",
    })
    void a_machine_is_called_by_id_host_name_or_address(String typed, String id) {
        assertThat(machines.named(typed)).isEqualTo(id);
    }

    @Test
    void a_whole_id_may_be_of_a_machine_that_is_down() {
        String down = "ff".repeat(16);

        assertThat(machines.named(down)).isEqualTo(down);
    }

    @ParameterizedTest
    @CsvSource({"core-09", "10.0.0.9", "ff", "''", "..."})
    void a_name_that_no_machine_has_is_refused(String typed) {
        assertThatThrownBy(() -> machines.named(typed))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("flotilla list-machines");
    }

    @Test
    void a_beginning_that_several_ids_have_is_refused_and_names_them() {
        assertThatThrownBy(() -> machines.named("aa"))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("aa could be " + FIRST + ", " + SECOND + ": say which by its id");
    }

    private static MachineBody machine(String id, @Nullable String ip, @Nullable String host) {
        return new MachineBody(id, ip, null, host, null, null, null);
    }
}
