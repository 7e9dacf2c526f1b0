package flotilla.conformance.story;

import flotilla.conformance.servers.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * A test that fails tells what stood around it: what the commands show of the cluster, and the last
 * words of each machine. What is rare is seen once, by somebody else.
 *
 * @param cluster asked when a test has failed
 */
record Scene(Supplier<Launcher> cluster) implements TestExecutionExceptionHandler {
    /** Lines kept of each machine's console. */
    private static final int LAST_WORDS = 60;

    private static final List<List<String>> VIEWS =
            List.of(
                    List.of("machine", "ls"),
                    List.of("list-machines"),
                    List.of("list-unit-files"),
                    List.of("list-units"));

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        throw new AssertionError(failure.getMessage() + "\n" + description(), failure);
    }

    private String description() {
        Launcher flotilla = cluster.get();
        StringBuilder text = new StringBuilder();
        for (List<String> view : VIEWS) {
            Launcher.Result seen = flotilla.run(view.toArray(String[]::new));
            text.append("%n$ %s: exit %d%n".formatted(seen.command(), seen.exit()))
                    .append(seen.out())
                    .append(seen.err());
        }
        consoles(flotilla.home()).forEach(console -> text.append(lastWords(console)));
        return text.toString();
    }

    private static List<Path> consoles(Path home) {
        try (Stream<Path> machines = Files.list(home.resolve("machines"))) {
            return machines.map(machine -> machine.resolve("console.log")).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String lastWords(Path console) {
        try {
            List<String> lines =
                    new String(Files.readAllBytes(console), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            int from = Math.max(0, lines.size() - LAST_WORDS);
            return "\n%s:\n%s\n"
                    .formatted(console, String.join("\n", lines.subList(from, lines.size())));
        } catch (IOException e) {
            return "\nno word in " + console + ": " + e + "\n";
        }
    }
}
