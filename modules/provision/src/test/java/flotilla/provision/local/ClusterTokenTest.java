package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterTokenTest {
    @TempDir private Path directory;

    private LocalHome home(String name) {
        return new LocalHome(directory.resolve(name), "127.77.0");
    }

    private String token(String name) throws IOException {
        ClusterToken.ensure(home(name));
        return Files.readString(home(name).clusterToken());
    }

    @Test
    void each_cluster_has_its_own_keeps_it_and_shows_it_to_nobody_else() throws IOException {
        assertThat(token("a")).matches("[0-9a-f]{64}\n").isEqualTo(token("a"));
        assertThat(token("b")).isNotEqualTo(token("a"));
        assertThat(Files.getPosixFilePermissions(home("a").clusterToken()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void a_torn_file_is_no_token_and_the_way_out_is_said() throws IOException {
        Files.writeString(home("").clusterToken(), token("a").substring(0, 40));

        assertThatThrownBy(() -> ClusterToken.ensure(home("")))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("cluster.token is damaged")
                .hasMessageContaining("remove it");
    }
}
