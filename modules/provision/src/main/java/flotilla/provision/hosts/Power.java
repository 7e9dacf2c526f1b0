package flotilla.provision.hosts;

import flotilla.provision.ProvisionException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Gives a host power, takes it away, and runs commands inside. */
final class Power {
    /** From the script to the first process of its own. */
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(30);

    /** From SIGKILL to the end of all that ran there. */
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private static final long LOOK_AGAIN_MILLIS = 10;
    private static final int LAST_WORDS = 5;

    private final Path script;

    Power(Path script) {
        this.script = script;
    }

    /** Its root is mounted, its cable is plugged in, its cgroups are there. */
    void on(HostPlace host) throws InterruptedException {
        try {
            Files.deleteIfExists(host.init());
            Files.deleteIfExists(host.power());
            new ProcessBuilder(
                            "setsid",
                            "nsenter",
                            "--net=" + host.network(),
                            "--",
                            script.toString(),
                            "on",
                            host.directory().toString())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(host.console().toFile())
                    .start();
        } catch (IOException e) {
            throw new ProvisionException("can't start " + host.name(), e);
        }
        await(() -> init(host).isPresent(), BEGIN_LIMIT);
        if (init(host).isEmpty()) {
            throw new ProvisionException(
                    "%s did not begin to boot: %s".formatted(host.name(), lastWords(host)));
        }
    }

    private static String lastWords(HostPlace host) {
        try (Stream<String> lines = Files.lines(host.console(), StandardCharsets.ISO_8859_1)) {
            List<String> all = lines.toList();
            return String.join(
                    "\n  ", all.subList(Math.max(0, all.size() - LAST_WORDS), all.size()));
        } catch (IOException e) {
            return "it left no word in " + host.console();
        }
    }

    boolean isOn(HostPlace host) {
        return init(host).isPresent() || supply(host).isPresent();
    }

    /** Nothing runs there on return. */
    void off(HostPlace host) throws InterruptedException {
        Optional<ProcessHandle> supply = supply(host);
        List<ProcessHandle> running = new ArrayList<>();
        // The script first: it would begin anew.
        supply.ifPresent(running::add);
        supply.ifPresent(script -> script.descendants().forEach(running::add));
        init(host).ifPresent(running::add);
        running.forEach(ProcessHandle::destroyForcibly);
        if (!await(() -> running.stream().noneMatch(Power::runs), END_LIMIT)) {
            throw new ProvisionException(
                    "%s still runs: processes %s do not end"
                            .formatted(
                                    host.name(),
                                    running.stream()
                                            .filter(Power::runs)
                                            .map(ProcessHandle::pid)
                                            .distinct()
                                            .toList()));
        }
    }

    /** Whether all ended by itself in that time. */
    boolean goesOff(HostPlace host, Duration limit) throws InterruptedException {
        return await(() -> !isOn(host), limit);
    }

    /**
     * What has the command behind it run inside, as root.
     *
     * @throws ProvisionException when the host has no power
     */
    List<String> entry(HostPlace host) {
        ProcessHandle init =
                init(host).orElseThrow(() -> new ProvisionException(host.name() + " has no power"));
        return List.of(
                script.toString(), "run", host.directory().toString(), Long.toString(init.pid()));
    }

    /**
     * Runs a command inside, as root.
     *
     * @throws ProvisionException when the host has no power
     */
    CommandResult run(HostPlace host, List<String> command, Duration limit)
            throws InterruptedException {
        List<String> all = new ArrayList<>(entry(host));
        all.addAll(command);
        return Command.attempt(all, "", limit);
    }

    /** Its PID 1. */
    Optional<ProcessHandle> init(HostPlace host) {
        return process(host.init());
    }

    /** The script beside it. */
    private static Optional<ProcessHandle> supply(HostPlace host) {
        return process(host.power());
    }

    /** A number that some other process has by now is told by when that began. */
    private static Optional<ProcessHandle> process(Path file) {
        try {
            String[] noted = Files.readString(file).strip().split(" ");
            return noted.length == 2 && beginning(noted[0]).filter(noted[1]::equals).isPresent()
                    ? ProcessHandle.of(Long.parseLong(noted[0]))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** One that has ended, and that its parent has yet to ask about, doesn't run. */
    private static boolean runs(ProcessHandle process) {
        return beginning(Long.toString(process.pid())).isPresent();
    }

    /** When a process that runs began, in the kernel's ticks (proc(5)). */
    private static Optional<String> beginning(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean hasEnded = fields[0].equals("Z") || fields[0].equals("X");
            return hasEnded ? Optional.empty() : Optional.of(fields[19]);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean await(BooleanSupplier wanted, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        return true;
    }
}
