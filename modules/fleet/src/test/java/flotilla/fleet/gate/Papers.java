package flotilla.fleet.gate;

import flotilla.platform.tls.TlsFiles;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Certificates of a cluster, in files.
 *
 * @param folder must exist
 */
record Papers(Authority authority, Path folder) {
    static final String CLUSTER = "c1";

    static Papers in(Path folder) throws IOException {
        Authority authority = Authority.create(CLUSTER, Instant.now());
        Files.writeString(folder.resolve("ca.pem"), authority.certificatePem());
        Files.writeString(folder.resolve("denied"), "");
        return new Papers(authority, folder);
    }

    Path denied() {
        return folder.resolve("denied");
    }

    /** Of one whom 127.0.0.1 is the address of. */
    TlsFiles of(Kind kind, String subject) throws IOException {
        return of(CLUSTER, kind, subject);
    }

    TlsFiles of(String cluster, Kind kind, String subject) throws IOException {
        OwnKey key = OwnKey.generate();
        Instant now = Instant.now();
        Profile profile =
                new Profile(
                        kind,
                        cluster,
                        subject,
                        List.of("127.0.0.1"),
                        now.minus(Authority.HEAD_START),
                        now.plus(Duration.ofHours(1)));
        String name = cluster + kind.word() + subject.replace('/', '-');
        Path keyFile = Files.writeString(folder.resolve(name + "-key.pem"), key.pem());
        Path certificate =
                Files.writeString(
                        folder.resolve(name + ".pem"),
                        authority.sign(CertificateRequest.parse(key.request()), profile)
                                + authority.certificatePem());
        return TlsFiles.NONE
                .withIdentity(certificate, keyFile)
                .withAuthority(folder.resolve("ca.pem"));
    }
}
