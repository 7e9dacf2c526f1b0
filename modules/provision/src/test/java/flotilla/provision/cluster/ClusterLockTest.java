package flotilla.provision.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.proof.SmallDisk;
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
        try (ClusterLock _ = ClusterLock.take(directory, Progress.SILENT)) {
            assertThatThrownBy(() -> ClusterLock.take(directory, Progress.SILENT, Duration.ZERO))
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void the_lock_file_of_a_dead_command_is_in_nobodys_way() throws Exception {
        Files.writeString(ClusterLock.file(directory), "4194304\n");

        try (ClusterLock _ = ClusterLock.take(directory, Progress.SILENT, Duration.ZERO)) {
            assertThat(Files.readString(ClusterLock.file(directory)))
                    .isEqualTo(ProcessHandle.current().pid() + "\n");
        }
    }

    @Test
    void a_cluster_on_a_full_disk_can_be_locked_so_that_it_can_be_stopped_and_removed()
            throws Exception {
        try (SmallDisk disk = SmallDisk.in(directory, 64 << 10)) {
            disk.fill();

            try (ClusterLock _ = ClusterLock.take(disk.path(), Progress.SILENT, Duration.ZERO)) {
                assertThatThrownBy(
                                () -> ClusterLock.take(disk.path(), Progress.SILENT, Duration.ZERO))
                        .hasMessageContaining("process of an unknown number");
            }
        }
    }
}
