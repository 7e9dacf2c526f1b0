package flotilla.cloudconfig.apply;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The programs of this host that change its accounts. They are looked for where the distribution
 * puts them, not where this process's environment says, of which they get nothing either.
 *
 * @param inside what runs a command elsewhere, such as {@code nsenter ...}; nothing for this host
 */
record Programs(List<String> inside) {
    /** One that copies a home takes longest; one that hangs is killed. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Of what one says; more than a pipe holds would stop it until the limit. */
    private static final int OUTPUT_BYTES_MAX = 64 << 10;

    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    Programs {
        inside = List.copyOf(inside);
    }

    /** How one ended, and what it wrote on both its outputs. */
    record Output(String command, int code, String text) {
        /** What it wrote, if it succeeded. */
        String needed() throws IOException {
            if (code != 0) {
                throw new IOException("%s: %s (%d)".formatted(command, text.strip(), code));
            }
            return text;
        }
    }

    /** Blocks until it has ended, with success. */
    String need(List<String> command, String input) throws IOException, InterruptedException {
        return run(command, input).needed();
    }

    /**
     * Blocks until it has ended.
     *
     * @param input at most as much as a pipe holds
     * @throws IOException when it can't be run, or has not ended in time: what it has done by then
     *     is not known
     */
    Output run(List<String> command, String input) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(inside);
        whole.add(place(command.getFirst()));
        whole.addAll(command.subList(1, command.size()));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", String.join(":", PLACES), "LC_ALL", "C"));
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            give(process, input);
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(
                        "%s has not ended within %d seconds: look at what it waits for"
                                .formatted(command.getFirst(), LIMIT.toSeconds()));
            }
            // Not to its end: something that it left behind may hold that open.
            byte[] text = output.readNBytes(Math.min(output.available(), OUTPUT_BYTES_MAX));
            return new Output(
                    command.getFirst(),
                    process.exitValue(),
                    new String(text, StandardCharsets.UTF_8));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void give(Process process, String input) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            if (process.isAlive()) {
                throw e;
            } // One that has ended says itself why it read nothing.
        }
    }

    private static String place(String program) throws IOException {
        for (String directory : PLACES) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return directory + "/" + program;
            }
        }
        throw new IOException(
                "this machine has no %s in %s: install it (Debian: the package passwd)"
                        .formatted(program, String.join(", ", PLACES)));
    }
}
