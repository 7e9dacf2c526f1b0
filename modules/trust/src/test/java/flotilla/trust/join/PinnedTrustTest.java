package flotilla.trust.join;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinnedTrustTest {
    private final Authority authority =
            Authority.create("c1", Instant.now().minus(Duration.ofDays(9)));

    private void check(Instant begin) throws Exception {
        Profile profile =
                new Profile(
                        Kind.MACHINE,
                        "c1",
                        "a".repeat(32),
                        List.of("10.0.0.1"),
                        begin,
                        begin.plus(Duration.ofDays(1)));
        String signed =
                authority.sign(CertificateRequest.parse(OwnKey.generate().request()), profile);
        X509Certificate shown =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(
                                        new ByteArrayInputStream(
                                                signed.getBytes(StandardCharsets.US_ASCII)));
        X509Certificate[] chain = {shown, authority.certificate()};
        new PinnedTrust(key -> Arrays.equals(key, authority.publicKey()))
                .checkServerTrusted(chain, "ECDHE_ECDSA", ofNoConnection());
    }

    /** The JDK takes none, and then doesn't look whom the connection was made to. */
    @SuppressWarnings("NullAway")
    private static SSLEngine ofNoConnection() {
        return null;
    }

    @Test
    void a_certificate_counts_in_its_time() {
        assertThatCode(() -> check(Instant.now().minusSeconds(60))).doesNotThrowAnyException();
    }

    /** A clock that is a day off, this machine's or the signer's. */
    @ParameterizedTest
    @ValueSource(ints = {-25, 1, 24})
    void out_of_its_time_it_is_the_clocks_that_are_to_be_looked_at(int hours) {
        assertThatThrownBy(() -> check(Instant.now().plus(Duration.ofHours(hours))))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("look at the clocks of both machines");
    }
}
