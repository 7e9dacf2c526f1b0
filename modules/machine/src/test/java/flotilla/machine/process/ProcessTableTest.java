package flotilla.machine.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {
    private static final int SCANS = 2_000;

    @TempDir Path root;

    @Test
    void a_process_that_becomes_another_program_stays_its_units() throws Exception {
        Path script = Files.writeString(root.resolve("again.sh"), "exec /bin/sh \"$0\"\n");
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
        builder.environment().put(ProcessTable.MACHINE_MARK, "m1");
        builder.environment().put(ProcessTable.UNIT_MARK, "u.service");
        Process process = builder.start();
        try {
            for (int i = 0; i < SCANS; i++) {
                assertThat(ProcessTable.scan().ofUnit("m1", "u.service", Set.of()))
                        .as("scan %d of a process that does nothing but execve", i)
                        .extracting(ProcessTable.Entry::pid)
                        .containsExactly(process.pid());
            }
        } finally {
            process.destroyForcibly();
        }
    }
}
