package flotilla.conformance.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Commands of the system that change it, and are over at once. */
final class Shell {
    private Shell() {}

    /**
     * Runs one.
     *
     * @throws IllegalStateException with what it said when it fails
     */
    static void run(String... command) {
        String said = attempt(command);
        if (!said.isEmpty()) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }

    /** Runs one and returns why it failed; empty if it did not. */
    static String attempt(String... command) {
        try {
            Process process =
                    new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            return exit == 0 ? "" : said.isBlank() ? "exit code " + exit : said.strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(
                    "running " + String.join(" ", command), new IOException("interrupted", e));
        }
    }
}
