package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.log.Introduction;
import flotilla.store.log.Membership.Peer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who a member is that was added to a running cluster; words are etcd 3.4.23's where it has any.
 */
class JoiningTest {
    private static final int READS = 3;
    private static final Introduction TOLD =
            new Introduction(
                    0xc1,
                    List.of(
                            new Peer(0xa, "a", List.of("http://a:2380")),
                            new Peer(0xb, "", List.of("http://b:2380", "http://b:7001"), true)),
                    READS);

    private static Set<InetAddress> addresses(String host) {
        return switch (host) {
            case "a", "10.0.0.1" -> Set.of(InetAddress.ofLiteral("10.0.0.1"));
            case "b", "10.0.0.2" -> Set.of(InetAddress.ofLiteral("10.0.0.2"));
            default -> Set.of();
        };
    }

    private static Joining joining(String... flags) {
        return Joining.of(
                EtcdConfig.parse(List.of(flags), Map.of()), READS, JoiningTest::addresses);
    }

    private static Joining asB(String initialCluster, String advertised) {
        return joining(
                "--name=b",
                "--initial-cluster-state=existing",
                "--initial-cluster=" + initialCluster,
                "--initial-advertise-peer-urls=" + advertised);
    }

    @Test
    void it_is_the_one_with_its_peer_urls_in_any_order_and_begins_with_nothing()
            throws IOException {
        var found =
                asB(
                                "b=http://b:7001,a=http://a:2380,b=http://b:2380",
                                "http://b:7001,http://b:2380")
                        .membership(TOLD);

        assertThat(found.self()).isEqualTo(0xb);
        assertThat(found.clusterId()).isEqualTo(0xc1);
        assertThat(found.members()).isEqualTo(TOLD.members());
        assertThat(found.joins()).isTrue();
    }

    @Test
    void it_may_be_called_by_another_name_that_leads_there() throws IOException {
        var found =
                asB(
                                "a=HTTP://A:2380/,b=http://10.0.0.2:2380,b=http://10.0.0.2:7001",
                                "http://b:2380,http://b:7001")
                        .membership(TOLD);

        assertThat(found.self()).isEqualTo(0xb);
        assertThat(found.members()).as("as the cluster has them").isEqualTo(TOLD.members());
    }

    @Test
    void a_cluster_above_what_its_program_reads_is_not_joined() {
        Joining joining =
                asB(
                        "b=http://b:7001,a=http://a:2380,b=http://b:2380",
                        "http://b:7001,http://b:2380");
        Introduction later = new Introduction(0xc1, TOLD.members(), READS + 1);

        assertThatThrownBy(() -> joining.membership(later))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("incompatible with current running cluster: ")
                .hasMessageContaining("feature level 4")
                .hasMessageContaining("start the newer one");
    }

    @Test
    void the_others_are_asked_and_not_itself() {
        assertThat(
                        asB("b=http://b:1,a=http://a:1,c=http://c:1,c=http://c:2", "http://b:1")
                                .others())
                .containsExactly("http://a:1", "http://c:1", "http://c:2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    b=http://b:2380,b=http://b:7001 | member count is unequal (2 there, 1 in
                    b=http://b:2380,b=http://b:7001,a=http://a:2380,c=http://c:2380 | member count is unequal (2 there, 3 in
                    b=http://b:2380,b=http://b:7001,a=http://a:2381 | PeerURLs: no match found for existing member (a, [http://a:2380])
                    b=http://b:2380,b=http://b:7001,a=http://a:2380,a=http://a:1 | no match found for existing member (a,
                    """)
    void members_that_are_not_those_it_was_given_are_refused(String initialCluster, String words) {
        Joining joining = asB(initialCluster, "http://b:2380,http://b:7001");

        assertThatThrownBy(() -> joining.membership(TOLD))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("error validating peerURLs of cluster c1")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    x=http://b:1,a=http://a:1 | http://b:1 | couldn't find local name "b" in the initial cluster configuration
                    b=http://b:1,a=http://a:1 | http://b:2 | --initial-cluster has b at http://b:1, but --initial-advertise-peer-urls says http://b:2
                    b=http://b:1,a=http://b:1 | http://b:1 | has duplicate url
                    """)
    void flags_that_contradict_each_other_are_refused_before_anybody_is_asked(
            String initialCluster, String advertised, String words) {
        assertThatThrownBy(() -> asB(initialCluster, advertised))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @Test
    void discovery_is_for_new_clusters_only() {
        assertThatThrownBy(() ->
                        joining("--initial-cluster-state=existing", "--discovery=http://d:1/token"))
                .hasMessageContaining(
                        "discovery URL should not be set when joining existing initial cluster");
    }
}
