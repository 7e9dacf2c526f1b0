package flotilla.trust.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.trust.authority.Profile.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final String ID = "0123456789abcdef0123456789abcdef";

    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    @TempDir private Path folder;

    private final Authority authority = Authority.create("c1", NOW);

    private static Profile profile(Kind kind) {
        return new Profile(
                kind,
                "c1",
                ID,
                List.of("core-04", "10.0.0.4", "fd00::4"),
                NOW.minus(Authority.HEAD_START),
                NOW.plus(Duration.ofDays(7)));
    }

    private X509Certificate signed(String request, Kind kind) throws Exception {
        String pem = authority.sign(CertificateRequest.parse(request), profile(kind));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private void validate(X509Certificate certificate, Instant when)
            throws GeneralSecurityException {
        PKIXParameters parameters =
                new PKIXParameters(Set.of(new TrustAnchor(authority.certificate(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(when));
        CertPathValidator.getInstance("PKIX")
                .validate(
                        CertificateFactory.getInstance("X.509")
                                .generateCertPath(List.of(certificate)),
                        parameters);
    }

    @Test
    void a_machine_gets_what_the_cluster_says_of_it() throws Exception {
        OwnKey key = OwnKey.generate();

        X509Certificate certificate = signed(key.request(), Kind.MACHINE);

        validate(certificate, NOW);
        assertThat(certificate.getPublicKey()).isEqualTo(key.open());
        assertThat(certificate.getSubjectX500Principal().getName())
                .isEqualTo("CN=" + ID + ",O=flotilla");
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .containsExactly(
                        "flotilla://c1/machine/" + ID,
                        "core-04",
                        "10.0.0.4",
                        "fd00:0:0:0:0:0:0:4",
                        Profile.MACHINE_HOST);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER, CLIENT);
        assertThat(certificate.getBasicConstraints()).as("it vouches for nobody").isEqualTo(-1);
        assertThat(certificate.getSerialNumber().bitLength()).isBetween(64, 127);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(7)));
    }

    @Test
    void an_operator_is_no_server_and_a_peer_no_operator() throws Exception {
        X509Certificate operator = signed(OwnKey.generate().request(), Kind.OPERATOR);
        X509Certificate peer = signed(OwnKey.generate().request(), Kind.PEER);

        assertThat(operator.getExtendedKeyUsage()).containsExactly(CLIENT);
        assertThat(operator.getSubjectAlternativeNames()).hasSize(1);
        assertThat(peer.getSubjectX500Principal().getName())
                .isEqualTo("CN=flotilla-peer,O=flotilla");
        assertThat(peer.getSubjectAlternativeNames().iterator().next().get(1))
                .isEqualTo("flotilla://c1/peer/" + ID);
    }

    /** etcd tells peers and clients by such names: nobody is called so who is none. */
    @Test
    void no_operator_passes_for_a_peer_or_a_client_of_the_store_by_a_name() {
        for (String name : List.of("flotilla-peer", Profile.MACHINE_HOST)) {
            Profile profile =
                    new Profile(
                            Kind.OPERATOR,
                            "c1",
                            Profile.operator(Right.ADMIN, name),
                            List.of(Profile.MACHINE_HOST),
                            NOW,
                            NOW.plusSeconds(60));

            assertThat(profile.commonName()).isEqualTo("operator " + name);
        }
    }

    @Test
    void it_knows_which_cluster_it_vouches_for() {
        assertThat(Authority.create("shop", NOW).cluster()).isEqualTo("shop");
    }

    @Test
    void a_clock_that_is_some_minutes_behind_does_no_harm() throws Exception {
        X509Certificate certificate = signed(OwnKey.generate().request(), Kind.MACHINE);

        validate(certificate, NOW.minus(Duration.ofMinutes(9)));
        assertThatThrownBy(() -> validate(certificate, NOW.minus(Duration.ofHours(1))))
                .isInstanceOf(CertPathValidatorException.class);
        assertThatThrownBy(() -> validate(certificate, NOW.plus(Duration.ofDays(8))))
                .isInstanceOf(CertPathValidatorException.class);
    }

    /** Talos signed what was asked for, up to being an administrator (CVE-2022-36103). */
    @Test
    void a_request_that_asks_for_more_gets_no_more() throws Exception {
        KeyPair pair = Keys.generate();

        X509Certificate certificate = signed(greedy(pair, pair), Kind.MACHINE);

        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getSubjectX500Principal().getName())
                .isEqualTo("CN=" + ID + ",O=flotilla");
    }

    @Test
    void a_key_that_the_asker_has_not_is_not_certified() {
        assertThatThrownBy(() -> CertificateRequest.parse(greedy(Keys.generate(), Keys.generate())))
                .isInstanceOf(IOException.class)
                .hasMessage("this certificate request is not signed by the key in it");
    }

    private static String greedy(KeyPair asked, KeyPair signing) throws Exception {
        ExtensionsGenerator wishes = new ExtensionsGenerator();
        wishes.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return Keys.pem(
                "CERTIFICATE REQUEST",
                new JcaPKCS10CertificationRequestBuilder(
                                new X500Name("CN=root,O=system:masters"), asked.getPublic())
                        .addAttribute(
                                PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wishes.generate())
                        .build(
                                new JcaContentSignerBuilder(Keys.SIGNATURE)
                                        .build(signing.getPrivate()))
                        .getEncoded());
    }

    @Test
    void it_is_kept_for_its_owner_alone_and_is_the_same_when_opened() throws Exception {
        Path directory = folder.resolve("authority");

        authority.keep(directory);
        Authority opened = Authority.open(directory);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("ca-key.pem"))))
                .isEqualTo("rw-------");
        assertThat(opened.certificate()).isEqualTo(authority.certificate());
        String pem =
                opened.sign(
                        CertificateRequest.parse(OwnKey.generate().request()),
                        profile(Kind.MACHINE));
        assertThat(pem).startsWith("-----BEGIN CERTIFICATE-----");
    }

    @Test
    void a_key_of_another_authority_is_noticed() throws IOException {
        Path directory = folder.resolve("authority");
        authority.keep(directory);
        Authority.create("c1", NOW).keep(folder.resolve("other"));
        Files.copy(
                folder.resolve("other/ca-key.pem"),
                directory.resolve("ca-key.pem"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> Authority.open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not the key of the authority's certificate");

        Files.writeString(directory.resolve("ca-key.pem"), "-----BEGIN PRIVATE KEY-----\nxx");
        assertThatThrownBy(() -> Authority.open(directory)).isInstanceOf(IOException.class);
    }

    @Test
    void what_is_no_request_is_refused() {
        for (String text :
                List.of(
                        "",
                        "hello",
                        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n",
                        "x".repeat(5_000))) {
            assertThatThrownBy(() -> CertificateRequest.parse(text))
                    .isInstanceOf(IOException.class);
        }
    }
}
