package flotilla.machine.systemd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A host of its own in namespaces on this one: the real systemd with its bus and its journal, over
 * a copy-on-write view of this host's root. It has no network. All it mounts is in a namespace that
 * ends with it; only its cgroups are to be removed, which {@link #close} does.
 */
public final class NamespaceHost implements AutoCloseable {
    /** The system property that names another root than this host's: one of another systemd. */
    private static final String ROOT = "flotilla.host.root";

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Duration BOOT_LIMIT = Duration.ofSeconds(90);

    private final Path directory;
    private final String cgroup;
    private final Process outer;
    private final long pid;

    private NamespaceHost(Path directory, String cgroup, Process outer, long pid) {
        this.directory = directory;
        this.cgroup = cgroup;
        this.outer = outer;
        this.pid = pid;
    }

    /** Why there can be none on this host; empty when there can. */
    public static Optional<String> obstacle() throws IOException, InterruptedException {
        if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
            return Optional.of("namespaces with systemd need root");
        }
        for (String file : List.of("/lib/systemd/systemd", "/usr/bin/dbus-daemon")) {
            if (!Files.exists(Path.of(file))) {
                return Optional.of("there is no " + file + " (apt-get install systemd dbus)");
            }
        }
        if (!Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n")) {
            return Optional.of("this kernel has no overlayfs");
        }
        Process unshare = new ProcessBuilder(unshare("true")).redirectErrorStream(true).start();
        String said = new String(unshare.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return unshare.waitFor() == 0
                ? Optional.empty()
                : Optional.of("namespaces are not permitted: " + said.strip());
    }

    private static List<String> unshare(String... command) {
        List<String> whole = new ArrayList<>(List.of("unshare", "--mount", "--uts", "--ipc"));
        whole.addAll(List.of("--net", "--pid", "--fork", "--kill-child"));
        whole.addAll(List.of(command));
        return whole;
    }

    /**
     * Boots one; returns when all that it starts has started.
     *
     * @param directory an empty one, nothing of which is seen from outside
     */
    public static NamespaceHost boot(Path directory, String name)
            throws IOException, InterruptedException {
        String cgroup = "flotilla-" + UUID.randomUUID();
        for (Path hierarchy : hierarchies()) {
            makeCgroup(hierarchy, cgroup);
        }
        Path script = directory.resolveSibling(directory.getFileName() + ".sh");
        try (InputStream text =
                Objects.requireNonNull(NamespaceHost.class.getResourceAsStream("host.sh"))) {
            Files.write(script, text.readAllBytes());
        }
        Path console = directory.resolveSibling(directory.getFileName() + ".console");
        Process outer =
                new ProcessBuilder(
                                unshare(
                                        "sh",
                                        script.toString(),
                                        directory.toString(),
                                        name,
                                        cgroup,
                                        System.getProperty(ROOT, "/")))
                        .redirectErrorStream(true)
                        .redirectOutput(console.toFile())
                        .start();
        NamespaceHost host = new NamespaceHost(directory, cgroup, outer, firstChild(outer));
        try {
            host.awaitBoot();
            return host;
        } catch (IOException | InterruptedException e) {
            host.close();
            throw new IOException(name + " has not booted: " + Files.readString(console), e);
        }
    }

    private static long firstChild(Process outer) throws IOException, InterruptedException {
        long until = System.nanoTime() + BOOT_LIMIT.toNanos();
        while (outer.isAlive() && System.nanoTime() < until) {
            Optional<ProcessHandle> child = outer.toHandle().children().findFirst();
            if (child.isPresent()) {
                return child.get().pid();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new IOException("unshare has ended");
    }

    private void awaitBoot() throws IOException, InterruptedException {
        long until = System.nanoTime() + BOOT_LIMIT.toNanos();
        String state = "";
        while (outer.isAlive() && System.nanoTime() < until) {
            if (Files.exists(reach().socket())) {
                state =
                        reach().run(List.of("systemctl", "is-system-running", "--wait"), BOOT_LIMIT)
                                .lastLine();
                if (state.equals("running") || state.equals("degraded")) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IOException("its state is: " + state);
    }

    /** Through the namespaces of its first process: from outside nothing of it is seen. */
    public Reach reach() {
        return new Reach(
                Path.of("/proc", String.valueOf(pid), "root"),
                List.of("nsenter", "--target", String.valueOf(pid), "--all", "--"));
    }

    /** Each of cgroup v1 that is mounted, and that of v2. */
    private static List<Path> hierarchies() throws IOException {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return mounts.filter(line -> line.contains(" - cgroup"))
                    .map(line -> Path.of(line.split(" ")[4]))
                    .filter(path -> path.startsWith(CGROUPS))
                    .distinct()
                    .toList();
        }
    }

    private static void makeCgroup(Path hierarchy, String name) throws IOException {
        Path made = Files.createDirectories(hierarchy.resolve(name));
        // In a new one of v1 no process may be until it says where.
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            boolean v1 = !Files.exists(hierarchy.resolve("cgroup.controllers"));
            if (v1 && Files.exists(made.resolve(file))) {
                Files.writeString(
                        made.resolve(file), Files.readString(hierarchy.resolve(file)).strip());
            }
        }
    }

    /** As when its power fails. */
    @Override
    public void close() throws IOException, InterruptedException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        outer.waitFor();
        for (Path hierarchy : hierarchies()) {
            removeCgroup(hierarchy.resolve(cgroup));
        }
        Files.deleteIfExists(directory.resolveSibling(directory.getFileName() + ".sh"));
    }

    /** Its processes may take a moment to be gone. */
    private static void removeCgroup(Path cgroup) throws IOException, InterruptedException {
        for (int tries = 0; Files.exists(cgroup) && tries < 100; tries++) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(cgroup)) {
                all = walk.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
            }
            for (Path one : all) {
                one.toFile().delete();
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
