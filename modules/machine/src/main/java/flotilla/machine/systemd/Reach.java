package flotilla.machine.systemd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the host that runs systemd is reached: this one, or one in namespaces on it.
 *
 * @param root its root directory
 * @param inside what runs a command there, such as {@code nsenter ...}; nothing for this host
 */
public record Reach(Path root, List<String> inside) {
    /** What of a command's output is kept at least, in bytes: its end. */
    private static final int OUTPUT_BYTES_MAX = 8 << 20;

    public Reach {
        inside = List.copyOf(inside);
    }

    public static Reach thisHost() {
        return new Reach(Path.of("/"), List.of());
    }

    /** What a command wrote, on both its outputs, and how it ended. */
    public record Output(int code, String text) {
        String lastLine() {
            String all = text.strip();
            return all.substring(all.lastIndexOf('\n') + 1);
        }
    }

    Path socket() {
        return root.resolve("run/dbus/system_bus_socket");
    }

    Process start(List<String> command) throws IOException {
        List<String> whole = new ArrayList<>(inside);
        whole.addAll(command);
        return new ProcessBuilder(whole)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .start();
    }

    /**
     * Blocks until it has ended.
     *
     * @throws IOException when it can't be run, or has not ended in time: then it is killed
     */
    public Output run(List<String> command, Duration limit) throws IOException {
        Process process = start(command);
        Thread killer =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                                    end(process);
                                }
                            } catch (InterruptedException ended) {
                                Thread.currentThread().interrupt();
                            }
                        });
        try (InputStream output = process.getInputStream()) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            byte[] bytes = new byte[1 << 16];
            for (int n = output.read(bytes); n >= 0; n = output.read(bytes)) {
                text.write(bytes, 0, n);
                if (text.size() > 2 * OUTPUT_BYTES_MAX) {
                    byte[] all = text.toByteArray();
                    text.reset();
                    text.write(all, all.length - OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX);
                }
            }
            return new Output(process.waitFor(), text.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it ran: " + command, e);
        } finally {
            killer.interrupt();
        }
    }

    /** With what it has started, which else would hold its output open. */
    static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** The same for what has to succeed. */
    public String need(List<String> command, Duration limit) throws IOException {
        Output output = run(command, limit);
        if (output.code() != 0) {
            throw new IOException(
                    String.join(" ", command)
                            + ": "
                            + output.lastLine()
                            + " ("
                            + output.code()
                            + ")");
        }
        return output.text();
    }
}
