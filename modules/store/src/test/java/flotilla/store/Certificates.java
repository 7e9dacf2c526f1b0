package flotilla.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Certificates as docs/operate/tls.md makes them. */
public final class Certificates {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");
    private static final String NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** With an authority of their own, {@code ca.pem}. */
    public static Certificates in(Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(OPENSSL), "openssl is not installed");
        Files.createDirectories(folder);
        Certificates certificates = new Certificates(folder);
        certificates.openssl(
                "req -x509 " + NEW_KEY + " -keyout ca.key -out ca.pem -days 10 -subj /CN=ca");
        return certificates;
    }

    /**
     * {@code NAME.pem} and {@code NAME.key}.
     *
     * @param hosts as in {@code subjectAltName}; may be empty
     */
    public void issue(String name, String hosts) throws Exception {
        openssl("req " + NEW_KEY + " -keyout " + name + ".key -out request -subj /CN=" + name);
        Files.writeString(
                folder.resolve("extensions"),
                "extendedKeyUsage=serverAuth,clientAuth\n"
                        + (hosts.isEmpty() ? "" : "subjectAltName=" + hosts + "\n"));
        openssl(
                "x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -days 10"
                        + " -extfile extensions -out "
                        + name
                        + ".pem");
    }

    public Path file(String name) {
        return folder.resolve(name);
    }

    private void openssl(String words) throws Exception {
        List<String> command = new ArrayList<>(List.of(OPENSSL.toString()));
        command.addAll(Arrays.asList(words.split(" ")));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("openssl.log").toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new AssertionError(command + Files.readString(folder.resolve("openssl.log")));
        }
    }
}
