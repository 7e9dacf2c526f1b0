package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.provision.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterLockTest {
    @TempDir Path directory;

    @Test
    void a_second_command_is_told_which_process_is_at_work() throws Exception {
        LocalHome home = new LocalHome(directory, "127.77.0");
        try (ClusterLock _ = ClusterLock.take(home, Progress.SILENT)) {
            assertThatThrownBy(() -> ClusterLock.take(home, Progress.SILENT, Duration.ZERO))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void the_lock_file_of_a_dead_command_is_in_nobodys_way() throws Exception {
        LocalHome home = new LocalHome(directory, "127.77.0");
        Files.writeString(home.lockFile(), "4194304\n");

        try (ClusterLock _ = ClusterLock.take(home, Progress.SILENT, Duration.ZERO)) {
            assertThat(Files.readString(home.lockFile()))
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }
}
