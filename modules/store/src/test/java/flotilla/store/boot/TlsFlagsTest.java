package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.tls.TlsProtocol;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFlagsTest {
    private static final String HTTPS = "--listen-client-urls=https://127.0.0.1:2379 ";
    private static final String PAIR = "--cert-file=/c.pem --key-file=/k.pem ";

    private static MemberTls tls(String flags) {
        return EtcdConfig.parse(Arrays.asList(flags.strip().split(" +")), Map.of()).tls();
    }

    @Test
    void each_side_has_its_own_files_and_rules() {
        MemberTls tls =
                tls(
                        HTTPS
                                + PAIR
                                + "--trusted-ca-file=/ca.pem --client-crl-file=/crl"
                                + " --client-cert-allowed-hostname=a.example,b.example"
                                + " --peer-cert-file=/pc.pem --peer-key-file=/pk.pem"
                                + " --peer-trusted-ca-file=/pca.pem --peer-crl-file=/pcrl"
                                + " --peer-cert-allowed-cn=member --tls-min-version=TLS1.3");

        assertThat(tls.clients().options().files().all())
                .hasToString("[/c.pem, /k.pem, /ca.pem, /crl]");
        assertThat(tls.peers().options().files().all())
                .hasToString("[/pc.pem, /pk.pem, /pca.pem, /pcrl]");
        assertThat(tls.clients().options().rules().hostnames())
                .containsExactlyInAnyOrder("a.example", "b.example");
        assertThat(tls.peers().options().rules().commonNames()).containsExactly("member");
        assertThat(tls.clients().options().rules().remoteAddress()).isFalse();
        assertThat(tls.peers().options().rules().remoteAddress()).isTrue();
        assertThat(tls.peers().options().protocol().least()).isEqualTo(TlsProtocol.Version.TLS1_3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--client-cert-auth", "--trusted-ca-file=/ca", "--ca-file=/ca"})
    void clients_are_asked_for_certificates_by_either_flag_as_in_etcd(String flag) {
        assertThat(tls(HTTPS + PAIR + flag).clients().options().rules().clientCertificate())
                .isTrue();
    }

    @Test
    void the_addresses_of_etcd_0_4_are_encrypted_where_there_is_a_certificate() {
        String old = "--addr=10.0.0.1:4001 --bind-addr=0.0.0.0 ";
        EtcdConfig config = EtcdConfig.parse(Arrays.asList((old + PAIR).split(" +")), Map.of());

        assertThat(config.listenClientUrls()).hasToString("[https://0.0.0.0:4001]");
        assertThat(config.advertiseClientUrls()).hasToString("[https://10.0.0.1:4001]");
        assertThat(config.tls().remarks()).isEmpty();
    }

    @Test
    void variables_say_the_same() {
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(),
                        Map.of(
                                "ETCD_LISTEN_CLIENT_URLS", "https://127.0.0.1:2379",
                                "ETCD_AUTO_TLS", "true",
                                "ETCD_SELF_SIGNED_CERT_VALIDITY", "3",
                                "ETCD_PEER_CERT_FILE", "/p",
                                "ETCD_PEER_SKIP_CLIENT_SAN_VERIFICATION", "true"));
        assertThat(config.tls().clients().auto()).isTrue();
        assertThat(config.tls().selfSignedYears()).isEqualTo(3);
        assertThat(config.tls().peers().options().rules().remoteAddress()).isFalse();
        assertThat(config.below(Path.of("/machine")).tls().peers().options().files().certificate())
                .contains(Path.of("/machine/p"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen-client-urls=https://a:1 | TLS key/cert (--cert-file, --key-file) must be provided for client url https://a:1 with HTTPS scheme",
                "--listen-client-urls=https://a:1 --cert-file=/c | give --cert-file and --key-file",
                "--listen-client-urls=https://a:1 --auto-tls --client-cert-auth | --auto-tls lets anybody in",
                "--listen-peer-urls=https://a:1 | TLS key/cert (--peer-cert-file, --peer-key-file) must be provided for peer url",
                "--peer-cert-allowed-cn=a --peer-cert-allowed-hostname=b | --peer-cert-allowed-cn and --peer-cert-allowed-hostname are mutually exclusive",
                "--cipher-suites=FOO | --cipher-suites: unexpected TLS cipher suite \"FOO\"",
                "--tls-min-version=TLS1.1 | unexpected TLS version \"TLS1.1\"",
                "--tls-min-version=TLS1.3 --tls-max-version=TLS1.2 | is greater than max version",
                "--self-signed-cert-validity=0 | greater than 0",
                "--self-signed-cert-validity=x | want years",
                "--client-cert-auth=maybe | want 'true' or 'false'",
                "--peer-client-cert-file=/c | give both or neither"
            })
    void flags_that_don_t_go_together_are_refused_by_name(String flags, String why) {
        assertThatThrownBy(() -> tls(flags))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cert-file=/c --key-file=/k | ignoring key and cert files for client url http://localhost:2379",
                "--client-cert-auth | scheme is HTTP while --client-cert-auth is enabled",
                "--peer-cert-file=/c --peer-key-file=/k | ignoring key and cert files for peer url",
                "--peer-client-cert-auth | scheme is HTTP while --peer-client-cert-auth is enabled",
                "--client-crl-file=/crl | --client-crl-file: nobody is kept out",
                "--auto-tls --cert-file=/c --key-file=/k | ignoring client auto TLS since certs given"
            })
    void what_is_asked_for_and_not_done_is_told(String flags, String remark) {
        assertThat(tls(flags).remarks()).anyMatch(one -> one.contains(remark));
    }

    @Test
    void nothing_asked_is_nothing_told() {
        assertThat(tls("--name=a").remarks()).isEmpty();
        assertThat(tls(HTTPS + PAIR + "--client-cert-auth").remarks()).isEmpty();
    }
}
