package flotilla.provision.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.FleetSettings;
import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetPrefixTest {
    private static final Path TOKEN = Path.of("/home/core/cluster.token");

    @TempDir Path root;

    private FleetPrefix prefix(String fleetConf, String option) throws IOException {
        Path file = FleetPrefix.settings(root);
        Files.createDirectories(file.getParent());
        if (!fleetConf.isEmpty()) {
            Files.writeString(file, fleetConf);
        }
        return new FleetPrefix(
                root, option.isEmpty() ? Map.of() : Map.of("etcd_key_prefix", option));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', /flotilla/fleet/",
        "'', /mine/, /mine/",
        "'etcd_key_prefix=\"/conf/\"', '', /conf/",
        "'etcd_key_prefix=\"/conf/\"', /mine/, /mine/",
        "'verbosity=', '', /flotilla/fleet/",
    })
    void the_store_guards_what_fleet_will_write(String fleetConf, String option, String guarded)
            throws IOException {
        assertThat(prefix(fleetConf, option).guard(TOKEN))
                .isEqualTo(EtcdConfig.Guard.byToken(guarded, TOKEN));
    }

    @Test
    void fleet_does_not_start_on_keys_that_the_store_does_not_guard() throws IOException {
        FleetPrefix prefix = prefix("", "");
        EtcdConfig.Guard guard = prefix.guard(TOKEN);
        var elsewhere =
                FleetSettings.read(
                        FleetPrefix.settings(root), Map.of("FLEET_ETCD_KEY_PREFIX", "/free/"));
        var below =
                FleetSettings.read(
                        FleetPrefix.settings(root),
                        Map.of("FLEET_ETCD_KEY_PREFIX", guard.prefixes().getFirst() + "test/"));

        assertThatCode(() -> prefix.check(elsewhere)).doesNotThrowAnyException();
        prefix.guarded(Optional.of(guard));
        assertThatThrownBy(() -> prefix.check(elsewhere))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/free/")
                .hasMessageContaining("coreos.fleet");
        assertThatCode(() -> prefix.check(below)).doesNotThrowAnyException();
    }
}
