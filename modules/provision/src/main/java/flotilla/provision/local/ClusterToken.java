package flotilla.provision.local;

import flotilla.provision.ProvisionException;
import flotilla.provision.process.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The cluster's secret, made once: who can read its file may write fleet's keys. */
final class ClusterToken {
    /** As many as no one guesses: 256 bits. */
    private static final int BYTES = 32;

    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}\\s*");

    private ClusterToken() {}

    /** Makes the file if there is none: a cluster that never had one gets it as it boots. */
    static void ensure(LocalHome home) throws IOException {
        Path file = home.clusterToken();
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            if (!TOKEN.matcher(text).matches()) {
                throw new ProvisionException(
                        file
                                + " is damaged and holds no token: remove it, then ./flotilla down and up");
            }
        } catch (NoSuchFileException e) {
            byte[] token = new byte[BYTES];
            new SecureRandom().nextBytes(token);
            PrivateFiles.replace(file, HexFormat.of().formatHex(token) + "\n");
        }
    }
}
