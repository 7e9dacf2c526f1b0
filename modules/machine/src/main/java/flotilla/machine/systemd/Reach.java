package flotilla.machine.systemd;

import flotilla.platform.process.Program;
import flotilla.platform.process.Program.Ended;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How the host that runs systemd is reached: this one, or one in namespaces on it.
 *
 * @param root its root directory
 * @param inside what runs a command there, such as {@code nsenter ...}; nothing for this host
 */
public record Reach(Path root, List<String> inside) {
    public Reach {
        inside = List.copyOf(inside);
    }

    public static Reach thisHost() {
        return new Reach(Path.of("/"), List.of());
    }

    Path socket() {
        return root.resolve("run/dbus/system_bus_socket");
    }

    private Program program(List<String> command) {
        List<String> whole = new ArrayList<>(inside);
        whole.addAll(command);
        return Program.of(whole);
    }

    Process start(List<String> command) throws IOException {
        return program(command).start();
    }

    /**
     * Blocks until it has ended.
     *
     * @throws IOException when it can't be run, or has not ended in time: then it is killed
     */
    public Ended run(List<String> command, Duration limit) throws IOException {
        try {
            return program(command).within(limit).run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it ran: " + command, e);
        }
    }

    /** The same for what has to succeed; returns what it wrote. */
    public String need(List<String> command, Duration limit) throws IOException {
        try {
            return program(command).within(limit).need();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while it ran: " + command, e);
        }
    }
}
