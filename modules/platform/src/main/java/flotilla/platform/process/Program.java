package flotilla.platform.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of this host, and how it is run. It gets no terminal, and its two outputs are one.
 *
 * @param command its name or path, and its arguments
 * @param environment all that it gets of one; empty: this process's
 * @param input what it reads
 * @param limit what {@link #run} gives it
 * @param outputBytesMax what is kept of its output at least: the end
 */
public record Program(
        List<String> command,
        Optional<Map<String, String>> environment,
        String input,
        Duration limit,
        int outputBytesMax) {
    /** Programs that change something of a host take seconds at most. */
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(1);

    private static final int USUAL_OUTPUT_BYTES = 8 << 20;

    /**
     * How long a program that has ended is waited for to have said all: what it left may hold it.
     */
    private static final long LAST_WORDS_MILLIS = 1_000;

    public Program {
        command = List.copyOf(command);
        environment = environment.map(Map::copyOf);
    }

    /** With a minute of time. */
    public static Program of(List<String> command) {
        return new Program(command, Optional.empty(), "", USUAL_LIMIT, USUAL_OUTPUT_BYTES);
    }

    public Program within(Duration limit) {
        return new Program(command, environment, input, limit, outputBytesMax);
    }

    public Program reading(String text) {
        return new Program(command, environment, text, limit, outputBytesMax);
    }

    public Program knowingOnly(Map<String, String> variables) {
        return new Program(command, Optional.of(variables), input, limit, outputBytesMax);
    }

    /**
     * How it ended, and what it wrote.
     *
     * @param code its exit code; 128 and the number of the signal that ended it
     */
    public record Ended(int code, String text) {
        public boolean isDone() {
            return code == 0;
        }

        /** The last line in which something stands. */
        public String lastLine() {
            String all = text.strip();
            return all.substring(all.lastIndexOf('\n') + 1).strip();
        }
    }

    /** It did not end in time, and was killed: what it has done by then is not known. */
    public static final class LateException extends IOException {
        private static final long serialVersionUID = 1L;
        private final String text;

        LateException(String message, String text) {
            super(message);
            this.text = text;
        }

        /** What it had written. */
        public String text() {
            return text;
        }
    }

    /**
     * Blocks until it has ended; interrupted, kills it.
     *
     * @throws LateException when it has not ended in time
     * @throws IOException when it can't be run
     */
    public Ended run() throws IOException, InterruptedException {
        Process process = builder().redirectErrorStream(true).start();
        try {
            Tail said = Tail.of(process.getInputStream(), outputBytesMax);
            Thread.ofVirtual().start(() -> give(process, input));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                said.await(LAST_WORDS_MILLIS);
                throw new LateException(
                        "'%s' has not ended within %d s, and was killed: look at what it waits for"
                                .formatted(String.join(" ", command), limit.toSeconds()),
                        said.text());
            }
            said.await(LAST_WORDS_MILLIS);
            return new Ended(process.exitValue(), said.text());
        } finally {
            end(process);
        }
    }

    /** The same for what has to succeed; returns what it wrote. */
    public String need() throws IOException, InterruptedException {
        Ended ended = run();
        if (!ended.isDone()) {
            throw new IOException(
                    "%s: %s (%d)"
                            .formatted(String.join(" ", command), ended.lastLine(), ended.code()));
        }
        return ended.text();
    }

    /** For who reads what it writes while it runs; it reads nothing, and has no limit of time. */
    public Process start() throws IOException {
        return builder()
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .start();
    }

    private ProcessBuilder builder() {
        ProcessBuilder builder = new ProcessBuilder(command);
        environment.ifPresent(variables -> {
            builder.environment().clear();
            builder.environment().putAll(variables);
        });
        return builder;
    }

    /** Apart from who waits: one that does not read must not keep its limit from counting. */
    private static void give(Process process, String input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            return; // One that has ended says itself why it read nothing.
        }
    }

    /** Kills it, and what it has started, which else would go on alone. */
    public static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
