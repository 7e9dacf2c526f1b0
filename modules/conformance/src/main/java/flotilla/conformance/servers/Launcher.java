package flotilla.conformance.servers;

import flotilla.conformance.Checkout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ./flotilla} of the checkout, as a user runs it, with a cluster of its own.
 *
 * @param home FLOTILLA_HOME: where that cluster lives
 * @param subnet FLOTILLA_SUBNET: its loopback /24
 */
public record Launcher(Path home, String subnet) {
    /** What one command may take; the first one may build. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Variables of the calling process that would steer the command. */
    private static final List<String> STEERING =
            List.of("FLOTILLA_", "FLEETCTL_", "ETCDCTL_", "ETCD_", "FLEET_", "JAVA_TOOL_OPTIONS");

    /**
     * How a command ended.
     *
     * @param out standard output: data
     * @param err standard error: words
     */
    public record Result(String command, int exit, String out, String err) {
        /** The data of a command that must have worked. */
        public String text() {
            if (exit != 0) {
                throw new IllegalStateException(
                        command + " ended with " + exit + ":\n" + err + "\n" + out);
            }
            return out;
        }
    }

    /** Runs {@code ./flotilla arguments...} to its end. */
    public Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(script().toString());
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Runs any command in the checkout with this cluster's environment. */
    public Result run(List<String> command) {
        String line = String.join(" ", command);
        try {
            Path out = Files.createTempFile("flotilla-out", "");
            Path err = Files.createTempFile("flotilla-err", "");
            try {
                int exit = exitOf(command, out, err);
                return new Result(line, exit, read(out), read(err));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("running " + line, e);
        }
    }

    /** Output goes to files: a pipe would stay open as long as any grandchild that inherited it. */
    private int exitOf(List<String> command, Path out, Path err) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Checkout.here().root().toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> STEERING.stream().anyMatch(name::startsWith));
        environment.put("FLOTILLA_HOME", home.toString());
        environment.put("FLOTILLA_SUBNET", subnet);
        environment.put("FLOTILLA_JAVA_HOME", System.getProperty("java.home"));
        environment.put("ETCDCTL_API", "3");
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        command + " has not ended after " + PATIENCE + ":\n" + read(err));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    /** The script itself. */
    public static Path script() {
        return Checkout.here().root().resolve("flotilla");
    }

    /** The address of machine number 1 and up. */
    public String address(int machine) {
        return subnet + "." + (10 + machine);
    }

    /** {@code core-01} and so on. */
    public static String machine(int number) {
        return "core-%02d".formatted(number);
    }

    /** The directory that stands for / on that machine. */
    public Path root(int machine) {
        return home.resolve("machines").resolve(machine(machine)).resolve("root");
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
