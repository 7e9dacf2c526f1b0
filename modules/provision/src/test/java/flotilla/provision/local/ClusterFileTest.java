package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterFileTest {
    @TempDir Path directory;
    private LocalHome home;
    private final Cluster cluster =
            new Cluster(
                    Cluster.FORMAT,
                    "127.77.0",
                    List.of(new Cluster.Member("core-01", "127.77.0.11", "0".repeat(32))));

    @BeforeEach
    void home() {
        home = new LocalHome(directory.resolve("home"), "127.77.0");
    }

    @Test
    void no_file_means_that_there_is_no_cluster() {
        assertThat(ClusterFile.read(home)).isEmpty();
    }

    @Test
    void what_was_written_is_read_again_and_only_its_owner_may_read_it() throws IOException {
        ClusterFile.write(home, cluster);

        assertThat(ClusterFile.read(home)).contains(cluster);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.clusterFile())))
                .isEqualTo("rw-------");
    }

    @Test
    void a_torn_file_is_reported_with_its_name_and_a_way_out() throws IOException {
        ClusterFile.write(home, cluster);
        String whole = Files.readString(home.clusterFile());

        for (int length = 0; length < whole.length() - 2; length += 7) {
            Files.writeString(home.clusterFile(), whole.substring(0, length));
            assertThatThrownBy(() -> ClusterFile.read(home))
                    .isInstanceOf(ProvisionException.class)
                    .hasMessageContaining(home.clusterFile().toString())
                    .hasMessageContaining("down --purge");
        }
    }

    @Test
    void no_flipped_bit_makes_another_cluster_of_it() throws IOException {
        ClusterFile.write(home, cluster);
        byte[] whole = Files.readAllBytes(home.clusterFile());
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(home.clusterFile(), flipped);
            assertThat(read()).as("bit %d", bit).isIn(cluster, "refused");
        }
    }

    private Object read() {
        try {
            return ClusterFile.read(home).orElseThrow();
        } catch (ProvisionException refusal) {
            assertThat(refusal)
                    .hasMessageContaining(home.clusterFile().toString())
                    .hasMessageContaining("down --purge");
            return "refused";
        }
    }

    @Test
    void a_file_without_a_checksum_of_an_earlier_version_is_still_read() throws IOException {
        ClusterFile.write(home, cluster);
        String text = Files.readString(home.clusterFile());
        Files.writeString(
                home.clusterFile(), text.replaceFirst(",\\s*\"checksum\" : \"[0-9a-f]{8}\"", ""));

        assertThat(Files.readString(home.clusterFile())).doesNotContain("checksum");
        assertThat(ClusterFile.read(home)).contains(cluster);
    }

    @Test
    void a_write_that_was_cut_short_leaves_the_old_state() throws IOException {
        ClusterFile.write(home, cluster);
        Files.writeString(home.directory().resolve(".cluster.json.new"), "{\"format\"");

        assertThat(ClusterFile.read(home)).contains(cluster);
        ClusterFile.write(home, cluster);
        assertThat(ClusterFile.read(home)).contains(cluster);
    }

    @Test
    void the_state_of_a_newer_flotilla_is_refused_rather_than_guessed_at() {
        ClusterFile.write(home, new Cluster(99, "127.77.0", List.of()));

        assertThatThrownBy(() -> ClusterFile.read(home)).hasMessageContaining("format 99");
    }

    @Test
    void another_subnet_than_the_clusters_own_is_refused() {
        ClusterFile.write(home, cluster);

        LocalHome elsewhere = new LocalHome(home.directory(), "127.78.0");

        assertThatThrownBy(() -> ClusterFile.read(elsewhere))
                .hasMessageContaining("127.77.0.0/24")
                .hasMessageContaining("FLOTILLA_SUBNET");
    }

    @Test
    void an_unknown_machine_is_answered_with_those_there_are() {
        assertThat(cluster.member("127.77.0.11").name()).isEqualTo("core-01");
        assertThatThrownBy(() -> cluster.member("core-09"))
                .hasMessage("there is no machine core-09: the cluster has core-01");
    }
}
