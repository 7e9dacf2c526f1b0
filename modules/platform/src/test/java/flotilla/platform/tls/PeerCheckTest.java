package flotilla.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who of those that are believed may come. */
class PeerCheckTest {
    /** Not the host's: what these names are must not depend on where the test runs. */
    private static final Map<String, String> HOSTS =
            Map.of("a.example", "10.0.0.1", "b.other", "10.0.0.2");

    @TempDir private static Path folder;
    private static Authority authority;

    private static final Names NAMES =
            new Names() {
                @Override
                public Set<String> of(InetAddress address) {
                    Set<String> names = new TreeSet<>();
                    HOSTS.forEach((name, at) -> {
                        if (at.equals(address.getHostAddress())) {
                            names.add(name);
                        }
                    });
                    return names;
                }

                @Override
                public Set<InetAddress> addresses(String name) {
                    return HOSTS.containsKey(name)
                            ? Set.of(InetAddress.ofLiteral(HOSTS.get(name)))
                            : Set.of();
                }
            };

    @BeforeAll
    static void issue() throws Exception {
        authority = Authority.in(folder.resolve("ca"));
        authority.issue("none", "");
        authority.issue("ip", "IP:10.0.0.1,IP:fd00::1");
        authority.issue("name", "DNS:a.example");
        authority.issue("wild", "DNS:*.example");
        authority.issue("both", "IP:10.0.0.9,DNS:a.example");
    }

    private static List<X509Certificate> chain(String name) throws Exception {
        return Pem.read(authority.path(name + ".pem")).certificates();
    }

    private static boolean comes(TlsRules rules, String name, String from) throws Exception {
        return new PeerCheck(rules, PeerCheck.Barred.NOBODY, NAMES)
                .client(chain(name), from)
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "none, 10.9.9.9, true",
        "ip, 10.0.0.1, true",
        "ip, 10.0.0.2, false",
        "ip, fd00:0::1, true",
        "ip, fd00::1%eth0, true",
        "name, 10.0.0.1, true",
        "name, 10.0.0.2, false",
        "wild, 10.0.0.1, true",
        "wild, 10.0.0.2, false",
        "both, 10.0.0.9, true",
        "both, 10.0.0.1, true",
        "both, 10.0.0.2, false",
        "ip, '', false"
    })
    void a_peer_comes_from_a_host_its_certificate_is_for(String name, String from, boolean comes)
            throws Exception {
        TlsRules rules = new TlsRules(TlsRules.Asking.MUST, Set.of(), Set.of(), true, false);

        assertThat(comes(rules, name, from)).isEqualTo(comes);
        assertThat(comes(TlsRules.MUTUAL, name, from)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"none, none, true", "none, NONE, false", "ip, 'x;ip', true", "ip, 'x;y', false"})
    void a_common_name_must_be_one_of_those_allowed(String name, String allowed, boolean comes)
            throws Exception {
        TlsRules rules =
                new TlsRules(
                        TlsRules.Asking.MUST, Set.of(allowed.split(";")), Set.of(), false, false);

        assertThat(comes(rules, name, "10.0.0.1")).isEqualTo(comes);
    }

    @ParameterizedTest
    @CsvSource({
        "name, a.example, true",
        "name, A.EXAMPLE, true",
        "name, b.example, false",
        "wild, a.example, true",
        "wild, a.b.example, false",
        "wild, example, false",
        "ip, 10.0.0.1, true",
        "ip, 10.0.0.2, false",
        "ip, fd00::1, true",
        "none, none, false",
        "both, 'x;10.0.0.9', true"
    })
    void a_certificate_must_be_for_one_of_the_hostnames_allowed(
            String name, String allowed, boolean comes) throws Exception {
        TlsRules rules =
                new TlsRules(
                        TlsRules.Asking.MUST, Set.of(), Set.of(allowed.split(";")), false, false);

        assertThat(comes(rules, name, "10.0.0.1")).isEqualTo(comes);
    }

    @ParameterizedTest
    @CsvSource({"ip, name, true", "ip, ip, false"})
    void a_revoked_serial_is_refused_wherever_it_stands_in_the_chain(
            String name, String revoked, boolean comes) throws Exception {
        PeerCheck check =
                new PeerCheck(
                        TlsRules.MUTUAL,
                        new PeerCheck.Barred(
                                Set.of(chain(revoked).getFirst().getSerialNumber()), Set.of()),
                        NAMES);
        List<X509Certificate> chain = List.of(chain("none").getFirst(), chain(name).getFirst());

        assertThat(check.client(chain, "").isEmpty()).isEqualTo(comes);
        assertThat(check.server(chain).isEmpty()).isEqualTo(comes);
    }
}
