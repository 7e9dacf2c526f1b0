package flotilla.provision.hosts;

import flotilla.platform.disk.Disk;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.Provider;
import flotilla.provision.ProvisionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Machines that are name spaces of this one, each with a systemd of its own. Whoever calls what
 * changes something is the only one who does, and is root.
 */
public final class HostsProvider implements Provider {
    /** systemd stops its units before; what hangs has 90 s there. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(100);

    private static final long LOOK_AGAIN_MILLIS = 50;

    /** Each systemd watches dozens of files; the kernel's own limit is 128 for all of them. */
    private static final int INOTIFY_INSTANCES = 1024;

    private static final Path INOTIFY_LIMIT = Path.of("/proc/sys/fs/inotify/max_user_instances");

    private final HostsHome home;
    private final Progress progress;
    private final Switch network;
    private final Veil veil;
    private final Furnishing furnishing;
    private final Cgroups cgroups;
    private final Power power;

    public HostsProvider(HostsHome home, Equipment equipment, Progress progress) {
        this.home = home;
        this.progress = progress;
        network = new Switch(home);
        veil = new Veil(home);
        furnishing = new Furnishing(home, veil, equipment);
        cgroups = new Cgroups(home.tag());
        power = new Power(home.script());
    }

    @Override
    public List<Machine> create(int machines, String userData) throws InterruptedException {
        if (machines < 1 || machines > HostsHome.HOSTS_MAX) {
            throw new ProvisionException(
                    "%d hosts: it can be 1 to %d".formatted(machines, HostsHome.HOSTS_MAX));
        }
        prepare();
        for (int number = 1; number <= machines; number++) {
            HostPlace host = home.place(number);
            furnishing.mount(host);
            furnishing.furnish(host, userData);
            on(host);
        }
        return machines();
    }

    /** Makes what all hosts share, their switch too, as far as it is not there. */
    public void prepare() throws InterruptedException {
        Ground.require();
        try {
            Files.createDirectories(
                    home.directory(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            closeOff();
            raiseLimit();
            Files.deleteIfExists(home.script());
            try (InputStream in = HostsProvider.class.getResourceAsStream("power.sh")) {
                if (in == null) {
                    throw new IllegalStateException("power.sh is not on the class path");
                }
                Files.copy(in, home.script());
            }
            Files.setPosixFilePermissions(
                    home.script(), PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new ProvisionException("can't prepare " + home.directory(), e);
        }
        veil.make();
        network.make();
    }

    /** One mount of our own: nothing that is mounted below is seen elsewhere. */
    private void closeOff() throws IOException, InterruptedException {
        String directory = home.directory().toString();
        if (Mounts.has(home.directory())) {
            return;
        }
        if (Files.getFileStore(home.directory()).type().equals("overlay")) {
            progress.step(directory + " is on an overlay, which can't carry hosts: in memory");
            Command.run("mount", "-t", "tmpfs", "-o", "mode=700", "hosts", directory);
        } else {
            Command.run("mount", "--bind", directory, directory);
        }
        Command.run("mount", "--make-private", directory);
    }

    private void raiseLimit() throws IOException {
        String before;
        // Not Files.readString: it begins with one byte, and the kernel gives a sysctl only once.
        try (BufferedReader reader = Files.newBufferedReader(INOTIFY_LIMIT)) {
            before = reader.readLine();
        }
        if (Integer.parseInt(before) < INOTIFY_INSTANCES) {
            if (Files.notExists(home.inotifyLimit())) {
                Files.writeString(home.inotifyLimit(), before);
            }
            Files.writeString(INOTIFY_LIMIT, Integer.toString(INOTIFY_INSTANCES));
        }
    }

    private void on(HostPlace host) throws InterruptedException {
        if (power.isOn(host)) {
            return;
        }
        progress.step("booting " + host.name());
        cgroups.make(host);
        network.plugIn(host);
        power.on(host);
    }

    @Override
    public List<Machine> machines() {
        List<Machine> machines = new ArrayList<>();
        for (HostPlace host : home.places()) {
            try {
                machines.add(
                        new Machine(
                                host.name(),
                                Files.readString(host.identity()).strip(),
                                host.address(),
                                power.isOn(host)));
            } catch (IOException e) {
                throw new ProvisionException("can't read " + host.identity(), e);
            }
        }
        return machines;
    }

    @Override
    public void kill(String machine) throws InterruptedException {
        off(home.place(machine));
    }

    /** The cable first, so that nobody hears a farewell. */
    private void off(HostPlace host) throws InterruptedException {
        network.pull(host);
        power.off(host);
        network.unplug(host);
    }

    @Override
    public void stop(String machine) throws InterruptedException {
        HostPlace host = home.place(machine);
        if (power.isOn(host)) {
            var _ = power.run(host, List.of("systemctl", "poweroff"), STOP_PATIENCE);
            if (!power.goesOff(host, STOP_PATIENCE)) {
                progress.step("%s does not stop: killing it".formatted(machine));
            }
        }
        off(host);
    }

    /** Has all that have power shut down, at once. */
    public void stopAll() throws InterruptedException {
        List<HostPlace> running = home.places().stream().filter(power::isOn).toList();
        for (HostPlace host : running) {
            var _ = power.run(host, List.of("systemctl", "poweroff", "--no-block"), STOP_PATIENCE);
        }
        for (HostPlace host : running) {
            if (!power.goesOff(host, STOP_PATIENCE)) {
                progress.step("%s does not stop: killing it".formatted(host.name()));
            }
            off(host);
        }
    }

    @Override
    public void boot(String machine) throws InterruptedException {
        HostPlace host = home.place(machine);
        prepare();
        furnishing.mount(host);
        on(host);
    }

    @Override
    public void destroy() throws InterruptedException {
        for (HostPlace host : home.places()) {
            off(host);
        }
        network.remove();
        try {
            if (Files.exists(home.inotifyLimit())) {
                Files.writeString(INOTIFY_LIMIT, Files.readString(home.inotifyLimit()));
            }
            // Nothing of this machine's own is deleted: all that was mounted there is not.
            Mounts.release(home.directory());
            Disk.deleteTree(home.directory());
        } catch (IOException e) {
            throw new ProvisionException("can't remove " + home.directory(), e);
        }
        cgroups.remove();
    }

    /**
     * Lets no packet pass between a host and these others, either way; neither side hears of that.
     *
     * @param peers hosts, or {@code host} for this machine
     */
    public void cut(String machine, Collection<String> peers) throws InterruptedException {
        network.cut(home.place(machine).name(), peers);
    }

    /** Undoes all cuts of a host. */
    public void heal(String machine) throws InterruptedException {
        network.heal(home.place(machine).name());
    }

    /** Whom a host is cut from. */
    public Set<String> cutFrom(String machine) throws InterruptedException {
        return network.cutFrom(home.place(machine).name());
    }

    /**
     * Runs a command inside, as root.
     *
     * @param limit it is killed when it takes longer
     * @throws ProvisionException when the host has no power
     */
    public CommandResult run(String machine, Duration limit, String... command)
            throws InterruptedException {
        return power.run(home.place(machine), List.of(command), limit);
    }

    /**
     * What has the command behind it run inside, as root, for who starts processes himself. It
     * holds until the host boots again.
     *
     * @throws ProvisionException when the host has no power
     */
    public List<String> entry(String machine) {
        return power.entry(home.place(machine));
    }

    /** The process that is a host's systemd; empty when it has no power. */
    public Optional<ProcessHandle> init(String machine) {
        return power.init(home.place(machine));
    }

    /** The root of a host as this machine sees it; what the host mounted itself is not there. */
    public Path root(String machine) {
        return home.place(machine).root();
    }

    /**
     * Waits until systemd has started all that it starts at boot.
     *
     * @return {@code running}; or {@code degraded}, when a unit failed
     * @throws ProvisionException when that takes longer, or the host goes off
     */
    public String awaitBoot(String machine, Duration limit) throws InterruptedException {
        HostPlace host = home.place(machine);
        long deadline = System.nanoTime() + limit.toNanos();
        String state = "";
        while (power.isOn(host) && System.nanoTime() < deadline) {
            state =
                    power.run(
                                    host,
                                    List.of("systemctl", "is-system-running", "--wait"),
                                    Duration.ofNanos(deadline - System.nanoTime()))
                            .out()
                            .strip();
            if (state.equals("running") || state.equals("degraded")) {
                return state;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
        throw new ProvisionException(
                "%s has not booted after %d s: %s (console: %s)"
                        .formatted(
                                machine,
                                limit.toSeconds(),
                                state.isEmpty() ? "its systemd does not answer" : state,
                                host.console()));
    }
}
