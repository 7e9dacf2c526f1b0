package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
