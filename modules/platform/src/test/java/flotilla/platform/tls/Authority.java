package flotilla.platform.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** A certificate authority as operators have one: openssl, and a folder. */
final class Authority {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final String EC = "ec -pkeyopt ec_paramgen_curve:P-256";

    private final Path folder;

    /** What openssl made for somebody. */
    record Issued(Path certificate, Path key) {
        TlsFiles trusting(Path ca) {
            return new TlsFiles(
                    Optional.of(certificate), Optional.of(key), Optional.of(ca), Optional.empty());
        }
    }

    private Authority(Path folder) {
        this.folder = folder;
    }

    static Authority in(Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed");
        Files.createDirectories(folder.resolve("issued"));
        Files.writeString(folder.resolve("index.txt"), "");
        Files.writeString(folder.resolve("crlnumber"), "01\n");
        Files.writeString(
                folder.resolve("ca.conf"),
                """
                [ca]
                default_ca = it
                [it]
                dir = .
                database = index.txt
                new_certs_dir = issued
                certificate = ca.pem
                private_key = ca.key
                rand_serial = yes
                crlnumber = crlnumber
                default_md = sha256
                default_days = 30
                default_crl_days = 30
                unique_subject = no
                policy = any
                [any]
                commonName = supplied
                [req]
                distinguished_name = none
                [none]
                """);
        Authority authority = new Authority(folder);
        authority.openssl(
                "req -x509 -newkey " + EC + " -nodes -keyout ca.key -out ca.pem -days 30 -subj",
                "/CN=authority " + folder.getFileName());
        return authority;
    }

    Path file() {
        return folder.resolve("ca.pem");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /**
     * @param hosts as in {@code subjectAltName}: {@code IP:127.0.0.1,DNS:a.example}; may be empty
     */
    Issued issue(String name, String hosts) throws Exception {
        return issue(name, hosts, EC);
    }

    Issued issue(String name, String hosts, String keyKind, String... more) throws Exception {
        openssl(
                "req -newkey %s -nodes -keyout %s.key -out %s.csr -subj"
                        .formatted(keyKind, name, name),
                "/CN=" + name);
        String usage = "extendedKeyUsage=serverAuth,clientAuth\n";
        Files.writeString(
                path(name + ".ext"),
                hosts.isEmpty() ? usage : usage + "subjectAltName=" + hosts + "\n");
        openssl(
                "ca -batch -notext -config ca.conf -in %s.csr -out %s.pem -extfile %s.ext"
                        .formatted(name, name, name),
                more);
        return new Issued(path(name + ".pem"), path(name + ".key"));
    }

    /** The list as it is now. */
    Path revoke(Issued... revoked) throws Exception {
        for (Issued one : revoked) {
            openssl("ca -config ca.conf -revoke", one.certificate().toString());
        }
        openssl("ca -config ca.conf -gencrl -out revoked.pem");
        return path("revoked.pem");
    }

    /**
     * @param words separated by spaces
     * @param more as they are
     */
    String openssl(String words, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
        command.addAll(Arrays.asList(words.split(" ")));
        command.addAll(Arrays.asList(more));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
        return said;
    }
}
