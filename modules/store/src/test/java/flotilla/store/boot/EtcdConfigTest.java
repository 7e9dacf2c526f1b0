package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdConfigTest {
    @Test
    void without_flags_it_is_etcd_s_default_member() {
        EtcdConfig config = EtcdConfig.parse(List.of(), Map.of());
        assertThat(config.name()).isEqualTo("default");
        assertThat(config.dataDir()).hasToString("default.etcd");
        assertThat(config.listenClientUrls()).containsExactly(URI.create("http://localhost:2379"));
        assertThat(config.advertisePeerUrls()).containsExactly(URI.create("http://localhost:2380"));
        assertThat(config.election()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.minLeaseSeconds()).isEqualTo(2);
    }

    @Test
    void a_flag_is_taken_in_each_of_its_spellings_and_wins_over_the_environment() {
        Map<String, String> environment =
                Map.of("ETCD_NAME", "env", "ETCD_MAX_TXN_OPS", "7", "ETCD_UNRELATED", "x");
        for (List<String> flags :
                List.of(
                        List.of("--name=flag"),
                        List.of("--name", "flag"),
                        List.of("-name", "flag"),
                        List.of("-name=flag"))) {
            EtcdConfig config = EtcdConfig.parse(flags, environment);
            assertThat(config.name()).isEqualTo("flag");
            assertThat(config.maxTxnOps()).isEqualTo(7);
        }
    }

    @Test
    void an_unknown_flag_is_refused_by_name() {
        assertThatThrownBy(() -> EtcdConfig.parse(List.of("--no-such-flag=1"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("flag provided but not defined: -no-such-flag");
    }

    @Test
    void a_flag_that_makes_no_difference_here_is_accepted_and_reported() {
        EtcdConfig config = EtcdConfig.parse(List.of("--logger=zap", "--debug"), Map.of());
        assertThat(config.ignored()).containsExactly("debug", "logger");
    }

    @Test
    void the_addresses_of_etcd_0_4_are_listened_on_and_advertised() {
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(),
                        Map.of(
                                "ETCD_ADDR",
                                "127.77.0.1:4001",
                                "ETCD_PEER_ADDR",
                                "127.77.0.1:7001",
                                "ETCD_BIND_ADDR",
                                "0.0.0.0",
                                "ETCD_DISCOVERY",
                                "http://127.77.0.250:8087/abc"));
        assertThat(config.advertiseClientUrls())
                .containsExactly(URI.create("http://127.77.0.1:4001"));
        assertThat(config.listenClientUrls()).containsExactly(URI.create("http://0.0.0.0:4001"));
        assertThat(config.listenPeerUrls()).containsExactly(URI.create("http://127.77.0.1:7001"));
        assertThat(config.discovery()).contains(URI.create("http://127.77.0.250:8087/abc"));
    }

    @Test
    void several_client_urls_are_listened_on_at_once() {
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of("--listen-client-urls=http://127.0.0.1:2379,http://127.0.0.1:4001"),
                        Map.of());
        assertThat(config.listenClientUrls()).hasSize(2);
    }

    @Test
    void a_guard_without_a_token_and_a_token_without_a_guard_are_refused() {
        String prefix = "--experimental-guarded-prefix=/fleet/";
        String file = "--experimental-guarded-prefix-token-file=/t";
        for (String one : List.of(prefix, file)) {
            assertThatThrownBy(() -> EtcdConfig.parse(List.of(one), Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("give both or neither");
        }
        assertThat(EtcdConfig.parse(List.of(prefix + ",/b", file), Map.of()).guard())
                .contains(
                        new EtcdConfig.Guard(List.of("/fleet/", "/b"), Optional.of(Path.of("/t"))));
        assertThat(EtcdConfig.parse(List.of(prefix, "--client-cert-auth"), Map.of()).guard())
                .contains(new EtcdConfig.Guard(List.of("/fleet/"), Optional.empty()));
        assertThat(EtcdConfig.parse(List.of(), Map.of()).guard()).isEmpty();
    }

    @Test
    void states_are_compared_twice_a_day_unless_it_is_said_otherwise() {
        assertThat(EtcdConfig.parse(List.of(), Map.of()).corruption())
                .isEqualTo(new EtcdConfig.Corruption(Optional.of(Duration.ofHours(12)), false));
        assertThat(
                        EtcdConfig.parse(
                                        List.of(
                                                "--experimental-corrupt-check-time=0s",
                                                "--experimental-initial-corrupt-check"),
                                        Map.of())
                                .corruption())
                .isEqualTo(new EtcdConfig.Corruption(Optional.empty(), true));
        assertThat(
                        EtcdConfig.parse(
                                        List.of("--experimental-initial-corrupt-check=false"),
                                        Map.of("ETCD_EXPERIMENTAL_CORRUPT_CHECK_TIME", "1h30m"))
                                .corruption())
                .isEqualTo(new EtcdConfig.Corruption(Optional.of(Duration.ofMinutes(90)), false));
    }

    @Test
    void grpc_connections_keep_to_etcd_s_flags_and_defaults() {
        assertThat(EtcdConfig.parse(List.of(), Map.of()).grpc())
                .isEqualTo(
                        new EtcdConfig.Grpc(
                                Integer.MAX_VALUE,
                                Duration.ofSeconds(5),
                                Duration.ofHours(2),
                                Duration.ofSeconds(20)));
        assertThat(
                        EtcdConfig.parse(
                                        List.of(
                                                "--max-concurrent-streams=16",
                                                "--grpc-keepalive-min-time=1m30s",
                                                "--grpc-keepalive-interval=0",
                                                "--grpc-keepalive-timeout=1.5s"),
                                        Map.of())
                                .grpc())
                .isEqualTo(
                        new EtcdConfig.Grpc(
                                16,
                                Duration.ofSeconds(90),
                                Duration.ZERO,
                                Duration.ofMillis(1500)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--max-concurrent-streams=0",
                "--max-concurrent-streams=4294967296",
                "--grpc-keepalive-min-time=5",
                "--grpc-keepalive-interval=-1s",
                "--grpc-keepalive-timeout=1s 2s",
                "--watch-progress-notify-interval=0s",
            })
    void what_is_no_limit_is_refused_by_its_flag_s_name(String flag) {
        assertThatThrownBy(() -> EtcdConfig.parse(List.of(flag), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(flag.substring(0, flag.indexOf('=')));
    }

    @Test
    void what_cannot_be_is_refused_with_the_flag_s_name() {
        assertThatThrownBy(
                        () -> EtcdConfig.parse(List.of("--listen-client-urls=127.0.0.1"), Map.of()))
                .hasMessageContaining("--listen-client-urls");
        assertThatThrownBy(() ->
                        EtcdConfig.parse(List.of("--listen-peer-urls=https://a:2380"), Map.of()))
                .hasMessageContaining("TLS");
        assertThatThrownBy(() -> EtcdConfig.parse(List.of("--election-timeout=200"), Map.of()))
                .hasMessageContaining("--election-timeout[200ms]");
        assertThatThrownBy(() -> EtcdConfig.parse(List.of("--snapshot-count=x"), Map.of()))
                .hasMessageContaining("--snapshot-count=x");
        assertThatThrownBy(() ->
                        EtcdConfig.parse(List.of("--max-request-bytes=99999999999"), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--max-request-bytes=99999999999: at most 16777216");
        assertThatThrownBy(() ->
                        EtcdConfig.parse(
                                List.of("--discovery=http://d/t", "--initial-cluster=a=http://h:1"),
                                Map.of()))
                .hasMessageContaining("multiple discovery or bootstrap flags");
    }
}
