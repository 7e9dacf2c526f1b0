package flotilla.provision.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.provision.ProvisionException;
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
        String head = "#cloud-config\ncoreos:\n  etcd:\n";
        assertThat(
                        DiscoveryUrl.replaceIn(
                                head + "    discovery_url: \"https://x/$1\" # why\n", TOKEN))
                .isEqualTo(head + "    discovery_url: \"" + TOKEN + "\" # why\n");
    }

    @Test
    void a_file_to_be_written_is_left_alone() {
        String userData =
                """
                #cloud-config
                write_files:
                  - path: /etc/other.yml
                    content: |
                      discovery: https://elsewhere/1
                """;

        assertThat(DiscoveryUrl.in(userData)).isEmpty();
        assertThat(DiscoveryUrl.replaceIn(userData, TOKEN)).isEqualTo(userData);
    }

    @Test
    void one_that_can_not_be_replaced_is_refused() {
        assertThatThrownBy(() ->
                        DiscoveryUrl.in(
                                "#cloud-config\ncoreos:\n  etcd: {discovery: https://x/1}\n"))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("on a line of its own");
    }

    @Test
    void a_user_data_without_discovery_has_none() {
        assertThat(DiscoveryUrl.in("#cloud-config\ncoreos:\n  etcd:\n    discovery:\n")).isEmpty();
    }
}
