package flotilla.machine.systemd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How long units may run on unless it is said again, kept by a timer of systemd's own: it fires
 * also while this process stands still. What it starts ends the units and masks them, above all
 * places where their files may be, until it is said again. Each time a new timer is set before the
 * one before is stopped: between the two there is always one.
 *
 * <p>Not {@code RuntimeMaxSec=}, which counts from a unit's start and can't be put off while it
 * runs; not a watchdog, which a unit has to feed itself. That two timers stand for a moment harms
 * nobody: the later one counts only once the earlier is gone.
 */
final class Permit {
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

    /**
     * Stops first, so that nothing restarts, and waits for nobody; then forbids, for which systemd
     * has to read all files; then ends what somebody else started between the two.
     */
    private static final String SCRIPT =
            """
            end() {
                systemctl stop --no-block -- "$@"
                systemctl kill --signal=KILL -- "$@"
            }
            mkdir -p /run/systemd/system.control /run/flotilla/permit/ended
            for unit in "$@"; do
                : > "/run/flotilla/permit/ended/$unit"
            done
            end "$@"
            for unit in "$@"; do
                ln -sfn /dev/null "/run/systemd/system.control/$unit"
            done
            systemctl daemon-reload
            end "$@"
            exit 0
            """;

    private final Reach reach;
    private final Path directory;
    private final Supplier<CompletableFuture<Void>> reload;

    /**
     * @param reload reads all unit files again
     */
    Permit(Reach reach, Supplier<CompletableFuture<Void>> reload) {
        this.reach = reach;
        this.directory = reach.root().resolve("run/flotilla/permit");
        this.reload = reload;
    }

    /** Whether the time of a unit was over, and nothing was said since. */
    boolean forbids(String unit) {
        return Files.exists(directory.resolve("ended").resolve(unit));
    }

    synchronized void say(Set<String> units, Duration time) throws IOException {
        Set<String> before = armed();
        Set<String> timers = new HashSet<>(before);
        if (!units.isEmpty()) {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("end"), SCRIPT);
            String timer = "flotilla-permit-" + UUID.randomUUID();
            timers.add(timer);
            note(timers); // Before it is set: whoever comes after a crash has to find it.
            String _ = reach.need(command(timer, units, time), COMMAND_LIMIT);
            timers.removeAll(before);
        } else {
            timers.clear();
        }
        for (String timer : before) {
            // One that has fired is gone already; what it does is not to go on after this.
            List<String> stop = List.of("systemctl", "stop", timer + ".timer", timer + ".service");
            var _ = reach.run(stop, COMMAND_LIMIT);
        }
        note(timers);
        allowAgain();
    }

    private static List<String> command(String timer, Set<String> units, Duration time) {
        List<String> command = new ArrayList<>();
        command.addAll(List.of("systemd-run", "--quiet", "--collect", "--unit=" + timer));
        command.add("--on-active=" + Math.max(1, time.toMillis()) + "ms");
        command.add("--timer-property=AccuracySec=1ms");
        command.addAll(List.of("--property=DefaultDependencies=no", "/bin/sh"));
        command.add("/run/flotilla/permit/end");
        command.addAll(new TreeSet<>(units));
        return command;
    }

    private Set<String> armed() throws IOException {
        try {
            return new TreeSet<>(Files.readAllLines(directory.resolve("timers")));
        } catch (NoSuchFileException e) {
            return Set.of();
        }
    }

    private void note(Set<String> timers) throws IOException {
        if (Files.isDirectory(directory)) {
            Files.writeString(
                    directory.resolve("timers"),
                    String.join("\n", timers) + (timers.isEmpty() ? "" : "\n"),
                    StandardCharsets.UTF_8);
        }
    }

    /** Takes back what a timer has forbidden. */
    private void allowAgain() throws IOException {
        List<Path> ended = List.of();
        if (Files.isDirectory(directory.resolve("ended"))) {
            try (Stream<Path> files = Files.list(directory.resolve("ended"))) {
                ended = files.toList();
            }
        }
        if (ended.isEmpty()) {
            return;
        }
        for (Path unit : ended) {
            Path mask =
                    reach.root().resolve("run/systemd/system.control").resolve(unit.getFileName());
            Files.deleteIfExists(mask);
        }
        try {
            reload.get().get();
        } catch (ExecutionException e) {
            throw new IOException("allowing " + ended.size() + " units again", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while units are allowed again", e);
        }
        for (Path unit : ended) {
            Files.deleteIfExists(unit);
        }
    }
}
