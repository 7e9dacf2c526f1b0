package flotilla.provision.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.boot.EtcdConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemberFlagsTest {
    private static final String ADDRESS = "127.77.0.12";

    private static final EtcdConfig.Guard GUARD =
            EtcdConfig.Guard.byToken("/flotilla/fleet/", Path.of("/home/core/cluster.token"));

    private static EtcdConfig parse(Map<String, String> environment) {
        return MemberFlags.parse(List.of(), environment, ADDRESS, Optional.of(GUARD));
    }

    private static List<String> urls(List<URI> urls) {
        return urls.stream().map(URI::toString).toList();
    }

    @Test
    void a_file_that_would_do_away_with_the_guard_is_refused() {
        assertThatThrownBy(() -> parse(Map.of("ETCD_CONFIG_FILE", "/etc/etcd.yml")))
                .hasMessageContaining("--config-file is not offered on a machine");
        List<String> flags = List.of("-config-file", "/etc/etcd.yml");
        assertThatThrownBy(() -> MemberFlags.parse(flags, Map.of(), ADDRESS, Optional.empty()))
                .hasMessageContaining("--config-file is not offered on a machine");
    }

    @Test
    void the_articles_addresses_are_served_and_the_standard_client_port_beside_them() {
        EtcdConfig config =
                parse(Map.of("ETCD_ADDR", ADDRESS + ":4001", "ETCD_PEER_ADDR", ADDRESS + ":7001"));

        assertThat(urls(config.listenClientUrls()))
                .containsExactly("http://127.77.0.12:4001", "http://127.77.0.12:2379");
        assertThat(urls(config.advertiseClientUrls())).containsExactly("http://127.77.0.12:4001");
        assertThat(urls(config.listenPeerUrls())).containsExactly("http://127.77.0.12:7001");
    }

    @Test
    void a_machine_that_is_told_nothing_serves_the_standard_ports_of_its_own_address() {
        EtcdConfig config = parse(Map.of());

        assertThat(urls(config.listenClientUrls())).containsExactly("http://127.77.0.12:2379");
        assertThat(urls(config.listenPeerUrls())).containsExactly("http://127.77.0.12:2380");
    }

    @Test
    void the_standard_port_speaks_tls_alone_where_it_was_asked_to() {
        EtcdConfig config =
                parse(
                        Map.of(
                                "ETCD_LISTEN_CLIENT_URLS", "https://127.77.0.12:2379",
                                "ETCD_AUTO_TLS", "true"));

        assertThat(urls(config.listenClientUrls())).containsExactly("https://127.77.0.12:2379");
    }

    @Test
    void no_web_page_may_ask_a_machine_and_it_answers_to_its_own_names_unless_told_otherwise() {
        EtcdConfig config = parse(Map.of());
        EtcdConfig told = parse(Map.of("ETCD_CORS", "*", "ETCD_HOST_WHITELIST", "*"));

        assertThat(config.cors())
                .containsExactlyInAnyOrder("http://127.77.0.12:2379", "https://127.77.0.12:2379");
        assertThat(config.hostWhitelist())
                .containsExactlyInAnyOrder(ADDRESS, "localhost", "127.0.0.1");
        assertThat(told.cors()).containsExactly("*");
        assertThat(told.hostWhitelist()).containsExactly("*");
    }

    @Test
    void fleets_keys_are_guarded_unless_other_keys_are() {
        EtcdConfig others =
                parse(
                        Map.of(
                                "ETCD_EXPERIMENTAL_GUARDED_PREFIX",
                                "/ours/",
                                "ETCD_EXPERIMENTAL_GUARDED_PREFIX_TOKEN_FILE",
                                "/etc/token"));

        assertThat(parse(Map.of()).guard()).contains(GUARD);
        assertThat(others.guard())
                .contains(EtcdConfig.Guard.byToken("/ours/", Path.of("/etc/token")));
        assertThat(MemberFlags.parse(List.of(), Map.of(), ADDRESS, Optional.empty()).guard())
                .isEmpty();
    }

    @Test
    void a_machine_needs_just_the_ports_that_its_member_listens_on() {
        assertThat(
                        MemberFlags.ports(
                                Map.of("addr", ADDRESS + ":4001", "peer_addr", ADDRESS + ":7001"),
                                ADDRESS))
                .containsExactlyInAnyOrder(2379, 4001, 7001);
        assertThat(MemberFlags.ports(Map.of(), ADDRESS)).containsExactlyInAnyOrder(2379, 2380);
    }

    @Test
    void settings_that_cannot_be_read_need_no_port_and_are_the_members_to_complain_of() {
        assertThat(MemberFlags.ports(Map.of("election_timeout", "soon"), ADDRESS)).isEmpty();
    }

    @Test
    void data_is_kept_below_the_root_of_the_machine() {
        EtcdConfig config = parse(Map.of("ETCD_DATA_DIR", "/var/lib/etcd"));

        assertThat(config.below(Path.of("/machines/core-02/root")).dataDir())
                .isEqualTo(Path.of("/machines/core-02/root/var/lib/etcd"));
    }
}
