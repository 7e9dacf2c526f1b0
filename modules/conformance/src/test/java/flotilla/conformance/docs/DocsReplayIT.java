package flotilla.conformance.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import flotilla.conformance.Checkout;
import flotilla.conformance.docs.Block.Step;
import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what a reader of README.md and docs/ does: types each command in the document's order, and
 * looks whether it prints what stands there. Each document begins without a cluster.
 */
class DocsReplayIT {
    /**
     * The network that the documents show; another one is used, so that a cluster of the user's own
     * is left alone.
     */
    private static final String SHOWN_SUBNET = "127.77.0";

    private static final String SUBNET = "127.86.0";

    /** How long a reader looks again before giving up: machines and units take seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    /** What a system need not have; a block with one of these that is missing is skipped. */
    private static final Set<String> EXTRA_PROGRAMS =
            Set.of("etcdctl", "curl", "man", "fish", "zsh");

    /** Commands that change nothing: asked too early they are asked again. */
    private static final List<String> LOOKS =
            List.of(
                    "./flotilla status",
                    "./flotilla list-",
                    "./flotilla journal",
                    "./flotilla machine ls",
                    "etcdctl",
                    "curl");

    @TempDir Path folder;

    @Test
    void every_block_is_replayed_or_says_why_not() {
        assertThat(documents().stream().flatMap(document -> document.faults().stream()))
                .as("blocks that are neither commands to replay nor marked")
                .isEmpty();
    }

    @TestFactory
    Stream<DynamicContainer> what_a_document_shows_is_what_its_commands_print() {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        Launcher flotilla = new Launcher(folder.resolve("home"), SUBNET);
        flotilla.run("--version").text();
        return documents().stream()
                .filter(document -> !document.blocks().isEmpty())
                .map(document -> dynamicContainer(document.name(), tests(document, flotilla)));
    }

    private Stream<DynamicTest> tests(Document document, Launcher flotilla) {
        return Stream.concat(
                document.blocks().stream()
                        .map(block -> dynamicTest(block.place(), () -> replay(block, flotilla))),
                Stream.of(
                        dynamicTest(
                                "and nothing is left",
                                () -> flotilla.run("down", "--purge").text())));
    }

    private void replay(Block block, Launcher flotilla) {
        if (!block.notReplayed().isEmpty()) {
            skip(block, block.notReplayed());
        }
        for (String program : EXTRA_PROGRAMS) {
            boolean needed =
                    block.steps().stream()
                            .anyMatch(
                                    step -> step.command().matches("(.*[ (])?" + program + " .*"));
            if (needed && Program.onPath(program).isEmpty()) {
                skip(block, program + " is not installed");
            }
        }
        block.steps().forEach(step -> replay(block.place(), step, flotilla));
    }

    private static void skip(Block block, String reason) {
        System.out.println("SKIPPED " + block.place() + ": " + reason);
        abort(reason);
    }

    private void replay(String place, Step step, Launcher flotilla) {
        List<String> printed = looks(step) ? lastLook(step, flotilla) : type(step, flotilla);
        if (!Likeness.alike(step.output(), printed)) {
            fail(
                    "%s, line %d: %s%n--- shown%n%s%n--- printed%n%s%n--- compared as%n%s",
                    place,
                    step.line(),
                    step.command(),
                    String.join("\n", step.output()),
                    String.join("\n", printed),
                    String.join("\n", Likeness.visible(printed)));
        }
    }

    /** What was seen when it was as shown, or when the reader gave up. */
    private List<String> lastLook(Step step, Launcher flotilla) {
        List<String> printed = new ArrayList<>();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK_AGAIN)
                    .until(() -> {
                        printed.clear();
                        printed.addAll(type(step, flotilla));
                        return Likeness.alike(step.output(), printed);
                    });
            return printed;
        } catch (ConditionTimeoutException neverAlike) {
            return printed;
        }
    }

    private static boolean looks(Step step) {
        return LOOKS.stream().anyMatch(step.command()::startsWith);
    }

    /** What a terminal would show. The home directory is a fresh one: a command may write there. */
    private List<String> type(Step step, Launcher flotilla) {
        String typed = step.command().replace(SHOWN_SUBNET, SUBNET);
        return flotilla.run(List.of("env", "HOME=" + folder, "bash", "-c", "exec 2>&1\n" + typed))
                .out()
                .replace(SUBNET, SHOWN_SUBNET)
                .lines()
                .toList();
    }

    /** README.md first, as a newcomer reads. */
    private static List<Document> documents() {
        Checkout checkout = Checkout.here();
        List<Document> documents = new ArrayList<>();
        for (Path file :
                checkout.files(name ->
                        name.equals("README.md")
                                || (name.startsWith("docs/") && name.endsWith(".md")))) {
            try {
                documents.add(Document.of(checkout.name(file), Files.readAllLines(file)));
            } catch (IOException e) {
                throw new UncheckedIOException("reading " + file, e);
            }
        }
        return documents;
    }
}
