package flotilla.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DiscoveryUrlTest {
    private static final String TOKEN = "http://127.77.0.1:8087/0123";

    @Test
    void only_the_value_is_replaced() {
        String userData =
                """
                # cloud-config
                # discovery: not this one
                coreos:
                  etcd:
                    discovery: https://discovery.etcd.io/c39365ee7d788fb27596150a451c2434
                    addr: $private_ipv4:4001 # discovery: nor this
                """;

        assertThat(DiscoveryUrl.in(userData))
                .contains("https://discovery.etcd.io/c39365ee7d788fb27596150a451c2434");
        assertThat(DiscoveryUrl.replaceIn(userData, TOKEN))
                .isEqualTo(
                        userData.replace(
                                "https://discovery.etcd.io/c39365ee7d788fb27596150a451c2434",
                                TOKEN));
    }

    @Test
    void quotes_comments_and_the_2014_alias_are_kept() {
        assertThat(DiscoveryUrl.replaceIn("  discovery_url: \"https://x/$1\" # why\n", TOKEN))
                .isEqualTo("  discovery_url: \"" + TOKEN + "\" # why\n");
    }

    @Test
    void a_user_data_without_discovery_has_none() {
        assertThat(DiscoveryUrl.in("#cloud-config\ncoreos:\n  etcd:\n    discovery:\n")).isEmpty();
    }
}
