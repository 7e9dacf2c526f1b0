package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalHomeTest {
    @TempDir Path directory;

    @Test
    void the_home_is_flotillas_own_else_xdgs_else_below_the_users() {
        Map<String, String> user = Map.of("HOME", "/home/core");

        assertThat(LocalHome.of(user).directory())
                .isEqualTo(Path.of("/home/core/.local/state/flotilla"));
        assertThat(LocalHome.of(Map.of("HOME", "/h", "XDG_STATE_HOME", "/x")).directory())
                .isEqualTo(Path.of("/x/flotilla"));
        assertThat(LocalHome.of(Map.of("FLOTILLA_HOME", "/f")).directory())
                .isEqualTo(Path.of("/f"));
        assertThat(LocalHome.of(user).machineAddress(1)).isEqualTo("127.77.0.11");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0", "127.77", "127.77.0.1", "127.300.0", "127.0.0;x"})
    void only_a_loopback_subnet_is_taken(String subnet) {
        assertThatThrownBy(() -> new LocalHome(directory, subnet))
                .hasMessageContaining("FLOTILLA_SUBNET=" + subnet);
    }

    @Test
    void a_deep_home_gets_roots_short_enough_for_a_unix_socket() throws IOException {
        LocalHome deep = new LocalHome(directory.resolve("d".repeat(120)), "127.77.0");
        Path root = Files.createDirectories(deep.machine("core-01").resolve("root"));
        ShortPath shortPath = new ShortPath(deep);

        Path link = shortPath.of(root);

        assertThat(link.resolve("run/fleet.sock").toString().length()).isLessThan(107);
        assertThat(link.toRealPath()).isEqualTo(root.toRealPath());
        shortPath.remove();
        assertThat(link.getParent()).doesNotExist();
        assertThat(root).exists();
    }

    @Test
    void a_shallow_home_needs_no_link() throws IOException {
        Path root = Path.of("/var/lib/flotilla/machines/core-01/root");

        assertThat(new ShortPath(new LocalHome(directory, "127.77.0")).of(root)).isEqualTo(root);
    }
}
