package flotilla.conformance.story;

import flotilla.provision.hosts.HostsProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Looks many times a second which hosts have processes of which units: in their cgroups, from this
 * machine, whatever the hosts know of each other.
 */
final class Copies implements AutoCloseable {
    private static final long LOOK_AGAIN_MILLIS = 20;

    /** Where a host's systemd keeps its units, by how the kernel's cgroups are mounted. */
    private static final List<String> SLICES =
            List.of("sys/fs/cgroup/systemd/system.slice", "sys/fs/cgroup/system.slice");

    private final HostsProvider provider;
    private final List<String> hosts;
    private final List<String> units;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, Twice> now = new HashMap<>();
    private final List<Twice> ended = new ArrayList<>();
    private final Map<String, Set<String>> processes = new HashMap<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private long looks;

    /** A unit that ran on several hosts at once, as seen from the first time to the last. */
    record Twice(String unit, Set<String> hosts, long fromNanos, long toNanos) {
        long millis() {
            return (toNanos - fromNanos) / 1_000_000;
        }

        @Override
        public String toString() {
            return "%s on %s for %d ms".formatted(unit, String.join(" and ", hosts), millis());
        }
    }

    private Copies(HostsProvider provider, List<String> hosts, List<String> units) {
        this.provider = provider;
        this.hosts = hosts;
        this.units = units;
    }

    /** Looks until closed. */
    static Copies watch(HostsProvider provider, List<String> hosts, List<String> units) {
        Copies copies = new Copies(provider, hosts, units);
        var _ =
                copies.watch.scheduleWithFixedDelay(
                        copies::look, 0, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        return copies;
    }

    /** What goes wrong ends the watch, and is told to whoever asks next. */
    private void look() {
        try {
            lookOnce();
        } catch (RuntimeException e) {
            fail(e);
            throw e;
        }
    }

    private synchronized void fail(RuntimeException problem) {
        failure = Optional.of(problem);
        notifyAll();
    }

    private void lookOnce() {
        Map<String, Set<String>> seen = new HashMap<>();
        for (String unit : units) {
            Set<String> places = having(unit, hosts);
            if (places.size() > 1) {
                // One after another: it may have gone from the first before it came to the second.
                places = having(unit, places);
            }
            seen.put(unit, places);
        }
        note(seen, System.nanoTime());
    }

    private Set<String> having(String unit, Iterable<String> among) {
        Set<String> places = new TreeSet<>();
        for (String host : among) {
            List<String> pids = pids(host, unit);
            if (!pids.isEmpty()) {
                places.add(host);
                noteProcesses(unit, host, pids);
            }
        }
        return places;
    }

    private List<String> pids(String host, String unit) {
        return provider.init(host).stream()
                .flatMap(init ->
                        SLICES.stream()
                                .map(slice ->
                                        Path.of("/proc", Long.toString(init.pid()), "root", slice)))
                .map(slice -> slice.resolve(slice(unit)).resolve(unit).resolve("cgroup.procs"))
                .flatMap(Copies::lines)
                .toList();
    }

    /** systemd puts instances into a slice of their template. */
    private static String slice(String unit) {
        int at = unit.indexOf('@');
        return at < 0 ? "" : "system-" + unit.substring(0, at) + ".slice";
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (NoSuchFileException e) {
            return Stream.empty();
        } catch (IOException e) {
            // What is read while it goes away ends so.
            if (String.valueOf(e.getMessage()).contains("No such device")) {
                return Stream.empty();
            }
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private synchronized void noteProcesses(String unit, String host, List<String> pids) {
        Set<String> known = processes.computeIfAbsent(unit, _ -> new TreeSet<>());
        pids.forEach(pid -> known.add(host + ":" + pid));
    }

    private synchronized void note(Map<String, Set<String>> seen, long nanos) {
        seen.forEach((unit, places) -> {
            Twice last = now.get(unit);
            if (places.size() > 1) {
                Set<String> all = new TreeSet<>(places);
                if (last != null) {
                    all.addAll(last.hosts());
                }
                now.put(unit, new Twice(unit, all, last == null ? nanos : last.fromNanos(), nanos));
            } else if (last != null) {
                ended.add(last);
                now.remove(unit);
            }
        });
        looks++;
        notifyAll();
    }

    /** Those of before and of now. */
    synchronized List<Twice> twice() {
        requireSight();
        List<Twice> all = new ArrayList<>(ended);
        all.addAll(now.values());
        return all;
    }

    private void requireSight() {
        failure.ifPresent(problem -> {
            throw new IllegalStateException("nobody watches any more", problem);
        });
    }

    synchronized boolean isAnyTwiceNow() {
        requireSight();
        return !now.isEmpty();
    }

    /** Every process of a unit that was ever seen, as {@code host:pid}. */
    synchronized Set<String> processes(String unit) {
        return new TreeSet<>(processes.getOrDefault(unit, Set.of()));
    }

    synchronized long looks() {
        return looks;
    }

    /** Waits for so many looks more. */
    synchronized void awaitLooks(long more) throws InterruptedException {
        long until = looks + more;
        while (looks < until) {
            requireSight();
            wait(TimeUnit.SECONDS.toMillis(1));
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
