package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.proof.SmallDisk;
import flotilla.provision.ProvisionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a cluster, on a file system of 64 KiB that is full. */
class FullDiskTest {
    private static final Cluster CLUSTER =
            new Cluster(
                    Cluster.FORMAT,
                    "127.77.0",
                    List.of(new Cluster.Member("core-01", "127.77.0.11", "a".repeat(32))));

    @TempDir private Path parent;

    @Test
    void what_is_known_of_it_stays_as_it_was() throws Exception {
        try (SmallDisk disk = SmallDisk.in(parent, 64 << 10)) {
            LocalHome home = new LocalHome(disk.path(), "127.77.0");
            ClusterFile.write(home, CLUSTER);
            home.userData().write("before");
            disk.fill();
            Cluster none = new Cluster(Cluster.FORMAT, "127.77.0", List.of());

            assertThatThrownBy(() -> ClusterFile.write(home, none))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining(home.clusterFile().toString())
                    .hasMessageContaining("No space left on device");
            assertThatThrownBy(() -> home.userData().write("after"))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining(home.userData().file().toString())
                    .hasMessageContaining("No space left on device");
            assertThatThrownBy(() -> ClusterToken.ensure(home))
                    .hasMessageContaining(home.clusterToken().toString())
                    .hasMessageContaining("No space left on device");

            assertThat(ClusterFile.read(home)).contains(CLUSTER);
            assertThat(home.userData().read()).isEqualTo("before");
            assertThat(home.clusterToken()).doesNotExist();
            try (var files = Files.list(disk.path())) {
                assertThat(files.filter(file -> file.getFileName().toString().startsWith(".new-")))
                        .isEmpty();
            }
            disk.makeRoom();
            ClusterFile.write(home, none);
            assertThat(ClusterFile.read(home)).contains(none);
        }
    }
}
