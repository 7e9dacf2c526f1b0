package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FleetSettingsTest {
    @Test
    void certificates_for_the_store_are_the_original_s_keys() {
        FleetConfig config =
                FleetSettings.of(
                        Map.of(
                                "FLEET_ETCD_CAFILE", "/ca",
                                "FLEET_ETCD_CERTFILE", "/cert",
                                "FLEET_ETCD_KEYFILE", "/key"));

        assertThat(config.etcdTls().all()).hasToString("[/cert, /key, /ca]");
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_ETCD_KEYFILE", "/key")))
                .hasMessageContaining("etcd_certfile and etcd_keyfile go together");
    }

    @Test
    void the_environment_goes_over_the_file(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("fleet.conf");
        Files.writeString(
                file,
                """
                # a comment
                public_ip="10.0.0.1"
                etcd_servers=["http://a:4001", "http://b:4001"]
                metadata="region=eu, disk=ssd,disk=hdd"
                agent_ttl=30s
                etcd_request_timeout=1.5
                """);

        FleetConfig config =
                FleetSettings.read(file, Map.of("FLEET_PUBLIC_IP", "10.0.0.2", "PATH", "/bin"));

        assertThat(config.publicIp()).contains("10.0.0.2");
        assertThat(config.etcdServers()).containsExactly("http://a:4001", "http://b:4001");
        assertThat(config.metadata()).isEqualTo(Map.of("region", "eu", "disk", "hdd"));
        assertThat(config.agentTtl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.etcdRequestTimeout()).isEqualTo(Duration.ofMillis(1500));
    }

    @Test
    void without_a_file_the_defaults_count(@TempDir Path directory) throws IOException {
        assertThat(FleetSettings.read(directory.resolve("none"), Map.of()))
                .isEqualTo(FleetConfig.defaults());
    }

    @Test
    void what_is_unknown_or_can_not_be_read_is_refused_by_name() {
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_PUBLIC_IPS", "x")))
                .hasMessageContaining("public_ips");
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_AGENT_TTL", "soon")))
                .hasMessageContaining("agent_ttl");
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_AGENT_TTL", "1s")))
                .hasMessageContaining("at least 2s");
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_METADATA", "region")))
                .hasMessageContaining("key=value");
        assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_DISABLE_ENGINE", "maybe")))
                .hasMessageContaining("disable_engine");
        for (String limit : List.of("0", "-1", "65536")) {
            assertThatThrownBy(() -> FleetSettings.of(Map.of("FLEET_TOKEN_LIMIT", limit)))
                    .hasMessageContaining("between 1 and 65535");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, true",
        "t, true",
        "TRUE, true",
        "True, true",
        "yes, true",
        "on, true",
        "0, false",
        "f, false",
        "FALSE, false",
        "no, false",
        "off, false"
    })
    void the_engine_is_disabled_by_every_word_for_true(String word, boolean disabled) {
        assertThat(FleetSettings.of(Map.of("FLEET_DISABLE_ENGINE", word)).disableEngine())
                .isEqualTo(disabled);
    }

    @Test
    void settings_of_the_original_that_change_nothing_here_are_accepted() {
        assertThat(FleetSettings.of(Map.of("FLEET_ENABLE_GRPC", "true")))
                .isEqualTo(FleetConfig.defaults());
    }
}
