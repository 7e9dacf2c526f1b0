package flotilla.machine.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One line of /etc/passwd (passwd(5)); accounts that are only in a directory service are not seen.
 */
record Account(String name, String uid, String gid, String home, String shell) {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final int FIELDS = 7;

    /**
     * @param user a name or a number
     */
    static Optional<Account> of(String user) throws IOException {
        try (Stream<String> lines = Files.lines(PASSWD, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length == FIELDS)
                    .filter(fields -> fields[0].equals(user) || fields[2].equals(user))
                    .map(fields ->
                            new Account(fields[0], fields[2], fields[3], fields[5], fields[6]))
                    .findFirst();
        }
    }

    /** Whether there is a home to speak of (systemd.exec(5), "$HOME"). */
    boolean hasHome() {
        return !home.isEmpty() && !home.equals("/") && !home.equals("/nonexistent");
    }

    /** Whether the shell is one, and not a refusal to log in. */
    boolean hasShell() {
        return !shell.isEmpty()
                && Arrays.asList("nologin", "false").stream().noneMatch(shell::endsWith);
    }
}
