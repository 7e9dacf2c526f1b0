package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.trust.token.JoinToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a join token comes from: no argument is kept from other users of a host. */
final class TokenOptions {
    /** Longer files hold no token, in bytes. */
    private static final long FILE_MAX_BYTES = 4_096;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            order = 1,
            description = "A file that holds the token")
    private @Nullable Path file;

    @Option(
            names = "--token",
            paramLabel = "-",
            order = 2,
            description = {
                "-: the token is the first line of standard input. The token itself does too, but",
                "every user of this host sees it"
            })
    private @Nullable String token;

    /** Empty when none was given. */
    Optional<JoinToken> read() {
        try {
            return text().map(JoinToken::parse);
        } catch (IOException e) {
            throw new CommandFailure("can't read the token: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> text() throws IOException {
        if (file != null && token != null) {
            throw new UsageFailure("--token and --token-file: give one of them");
        }
        if (file != null) {
            if (Files.size(file) > FILE_MAX_BYTES) {
                throw new IOException(file + " is longer than a token");
            }
            return Optional.of(Files.readString(file));
        }
        if (token == null) {
            return Optional.empty();
        }
        if (!token.equals("-")) {
            System.err.println(
                    "warning: this token was seen by all who list processes here; --token - reads it from standard input");
            return Optional.of(token);
        }
        String line =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        .readLine();
        if (line == null) {
            throw new IOException("standard input is empty");
        }
        return Optional.of(line);
    }
}
