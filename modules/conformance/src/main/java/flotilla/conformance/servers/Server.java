package flotilla.conformance.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One member's process. Started, killed and started again on the same data; one thread drives it.
 */
public final class Server implements AutoCloseable {
    /** Seconds a server may take to leave politely before it is killed. */
    private static final int FAREWELL_SECONDS = 15;

    /** Characters of the log's end that an error carries. */
    private static final int LOG_TAIL = 4_000;

    private final String name;
    private final String clientAddress;
    private final List<String> command;
    private final Path log;
    private @Nullable Process process;

    /**
     * @param clientAddress {@code host:port} of the client listener
     * @param command the whole command line
     * @param log where its output goes, appended over restarts
     */
    Server(String name, String clientAddress, List<String> command, Path log) {
        this.name = name;
        this.clientAddress = clientAddress;
        this.command = List.copyOf(command);
        this.log = log;
    }

    public String name() {
        return name;
    }

    /** {@code host:port} of the client listener. */
    public String clientAddress() {
        return clientAddress;
    }

    /** Starts the process; does not wait for it to serve. Harmless when it runs. */
    public void start() {
        if (isRunning()) {
            return;
        }
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(command))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("ETCD"));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("starting " + String.join(" ", command), e);
        }
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Its process id while it runs. */
    public long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process.pid();
    }

    /** SIGKILL: no farewell, nothing flushed. Returns when the process is gone. */
    public void kill() {
        Process victim = process;
        if (victim != null) {
            victim.destroyForcibly();
            awaitEnd(victim);
        }
    }

    /** SIGSTOP: nothing of it moves, and its connections stay open. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT. Harmless when it was not paused, or has ended. */
    public void goOn() {
        if (isRunning()) {
            signal("CONT");
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("sending SIG" + name + " to " + this.name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM, and SIGKILL when that is ignored. */
    @Override
    public void close() {
        Process leaving = process;
        if (leaving == null) {
            return;
        }
        leaving.destroy();
        try {
            if (!leaving.waitFor(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            leaving.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The end of what it printed, for error messages. */
    public String logTail() {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - LOG_TAIL));
        } catch (IOException e) {
            return "(no log at " + log + ": " + e.getMessage() + ")";
        }
    }

    /** What each of its threads is at, if it is a JVM that runs; for error messages. */
    public String threads() {
        if (!isRunning()) {
            return "(" + name + " does not run)";
        }
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process dump =
                    new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "Thread.print")
                            .redirectErrorStream(true)
                            .start();
            return new String(dump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no threads of " + name + ": " + e.getMessage() + ")";
        }
    }

    private static void awaitEnd(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
