package flotilla.conformance.dist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Debian machine with systemd, root on which may be let loose.
 *
 * @param enter what has the command behind it run there as root, such as {@code ssh root@host}
 */
record DebianHost(List<String> enter) {
    /** Names one that is there; the tests install and purge on it. */
    private static final String GIVEN = "flotilla.debian.host";

    /** In its place: one that the tests make themselves. */
    private static final String OWN = "own";

    DebianHost {
        enter = List.copyOf(enter);
    }

    /** How a script ended, and all that it said. */
    record Result(int exit, String text) {}

    /** Empty where nobody has given one. */
    static Optional<DebianHost> given() {
        return Optional.ofNullable(System.getProperty(GIVEN))
                .filter(command -> !command.isBlank() && !command.equals(OWN))
                .map(command -> new DebianHost(List.of(command.strip().split("\\s+"))));
    }

    /** Whether the tests are to make one, in minutes that not every run has. */
    static boolean isToBeMade() {
        return OWN.equals(System.getProperty(GIVEN));
    }

    static String howToGive() {
        return "needs a Debian host that may be spoiled: -D%s=%s makes one, as root; -D%s='ssh root@host', or what else has a command run there, names one"
                .formatted(GIVEN, OWN, GIVEN);
    }

    /** What a script says that must end well. */
    String run(String script) {
        Result result = attempt(script);
        if (result.exit() != 0) {
            throw new AssertionError(
                    script + "\nended with " + result.exit() + ":\n" + result.text());
        }
        return result.text().strip();
    }

    Result attempt(String script) {
        return attempt(Path.of("/dev/null"), script);
    }

    /** Copies a file of this host to a place there. */
    void put(Path file, String to) {
        Result result = attempt(file, "cat >'" + to + "'");
        if (result.exit() != 0) {
            throw new AssertionError("copying " + file + ": " + result.text());
        }
    }

    private Result attempt(Path input, String script) {
        List<String> command = new ArrayList<>(enter);
        command.addAll(List.of("sh", "-c", script));
        try {
            Path said = Files.createTempFile("debian-host", "");
            try {
                int exit =
                        new ProcessBuilder(command)
                                .redirectInput(input.toFile())
                                .redirectOutput(said.toFile())
                                .redirectErrorStream(true)
                                .start()
                                .waitFor();
                return new Result(exit, Files.readString(said));
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("running " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }
}
