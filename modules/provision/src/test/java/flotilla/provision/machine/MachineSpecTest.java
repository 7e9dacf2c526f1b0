package flotilla.provision.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineSpecTest {
    @Test
    void one_written_before_there_was_a_token_is_read_and_has_none(@TempDir Path machine)
            throws IOException {
        MachineSpec now =
                new MachineSpec(
                        "core-01",
                        "127.77.0.11",
                        "id",
                        "/r",
                        "/u",
                        Optional.of("/t"),
                        Optional.empty(),
                        1,
                        2,
                        "/s");
        String before = now.json().replaceFirst(" *\"tokenFile\"[^\\n]*\\n", "");
        assertThat(before).isNotEqualTo(now.json());
        Files.writeString(MachineSpec.file(machine), before);

        assertThat(MachineSpec.read(machine).tokenFile()).isEmpty();
    }
}
