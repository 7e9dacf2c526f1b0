package flotilla.provision.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.provision.machine.BootStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootStatusTest {
    @TempDir private Path machine;

    @Test
    void a_machine_that_never_booted_is_down() throws IOException {
        assertThat(BootStatus.read(machine)).isEqualTo(new BootStatus(Phase.DOWN, ""));
    }

    @Test
    void why_a_boot_failed_is_kept_with_all_its_lines() throws IOException {
        BootStatus failed = new BootStatus(Phase.FAILED, "can't start etcd.service:\nsecond line");

        failed.write(machine);

        assertThat(BootStatus.read(machine)).isEqualTo(failed);
    }

    @Test
    void a_file_that_holds_something_else_is_named() throws IOException {
        Files.writeString(BootStatus.file(machine), "asleep\n");

        assertThatThrownBy(() -> BootStatus.read(machine))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(BootStatus.file(machine).toString());
    }
}
