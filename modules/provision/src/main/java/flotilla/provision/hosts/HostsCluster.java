package flotilla.provision.hosts;

import flotilla.fleet.api.FleetClient;
import flotilla.platform.disk.Disk;
import flotilla.platform.tls.TlsFiles;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import flotilla.provision.cluster.BootWait;
import flotilla.provision.cluster.ClusterLock;
import flotilla.provision.cluster.ClusterUserData;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.machine.BootStatus;
import flotilla.provision.machine.BootStatus.Phase;
import flotilla.provision.process.PrivateFiles;
import flotilla.provision.trust.ClusterTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Supplier;

/**
 * A cluster of hosts: they have Flotilla's packages and certificates of the cluster's own, and boot
 * from one user-data. Who its members are is told to each beforehand, so no token is asked.
 */
public final class HostsCluster implements MachineCluster {
    private static final int DEFAULT_MACHINES = 3;

    /** Each is a member of the store, which has so many at most. */
    private static final int MACHINES_MAX = 7;

    private static final String DEFAULT_SUBNET = "10.77.0";

    /** Where coreos-cloudinit of a host tells how far it is, as its service says. */
    private static final String STATUS = "run/flotilla-cloudinit";

    private static final Duration LOOK_MAX = Duration.ofSeconds(10);

    private final Path directory;
    private final HostsHome home;
    private final Equipment equipment;
    private final HostsProvider provider;
    private final ClusterTrust trust;
    private final Progress progress;

    private HostsCluster(Path directory, HostsHome home, Equipment equipment, Progress progress) {
        this.directory = directory;
        this.home = home;
        this.equipment = equipment;
        this.progress = progress;
        provider = new HostsProvider(home, equipment, progress);
        trust = new ClusterTrust(directory);
    }

    /** Whether a cluster of this provider has that directory. */
    public static boolean isAt(Path directory) {
        return Files.exists(subnet(directory));
    }

    /**
     * @param directory all that the cluster has
     * @param subnet of one that is to be made; empty for 10.77.0
     */
    public static HostsCluster at(
            Path directory, String subnet, Installation installation, Progress progress) {
        Path absolute = directory.toAbsolutePath().normalize();
        HostsHome home =
                new HostsHome(
                        absolute.resolve("hosts"),
                        known(absolute).orElse(subnet.isEmpty() ? DEFAULT_SUBNET : subnet));
        return new HostsCluster(
                absolute, home, installation.equipment(absolute.resolve("installation")), progress);
    }

    private static Path subnet(Path directory) {
        return directory.resolve("hosts.subnet");
    }

    private static Optional<String> known(Path directory) {
        try {
            return isAt(directory)
                    ? Optional.of(Files.readString(subnet(directory)).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new ProvisionException("can't read " + subnet(directory), e);
        }
    }

    @Override
    public Optional<ClusterUserData> userData() {
        ClusterUserData own = ClusterUserData.in(directory);
        return isAt(directory) && Files.exists(own.file()) ? Optional.of(own) : Optional.empty();
    }

    @Override
    public void up(OptionalInt machines, Supplier<String> userData) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(directory, progress)) {
            int there = home.places().size();
            int size = machines.orElse(there > 0 ? there : DEFAULT_MACHINES);
            if (size < 1 || size > MACHINES_MAX) {
                throw new ProvisionException(
                        "%d hosts: a cluster of them has 1 to %d, each a member of its store; 3 or 5 are best"
                                .formatted(size, MACHINES_MAX));
            }
            if (there > 0 && size != there) {
                throw new ProvisionException(
                        "the cluster has %d hosts: ./flotilla down --purge first".formatted(there));
            }
            if (there > 0 && !trust.isThere()) {
                throw new ProvisionException(
                        "the cluster's hosts have no certificates, as an earlier version made them: ./flotilla down --purge first");
            }
            Optional<ClusterUserData> known = userData();
            String text = known.isPresent() ? known.get().read() : userData.get();
            Ground.require();
            prepare();
            trust.prepare();
            if (known.isEmpty()) {
                ClusterUserData.in(directory).write(text);
            }
            for (Listed listed : machines()) {
                finishOff(listed);
            }
            List<Machine> _ = certifying(size).create(size, text);
        }
        new BootWait(this, progress).untilAllServe();
        if (startsFleet()) {
            remember();
            progress.step("an operator's certificate for fleetctl is in " + trust.operator());
        }
    }

    /** Whose new hosts get certificates. */
    private HostsProvider certifying(int size) {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        for (int number = 1; number <= size; number++) {
            HostPlace host = home.place(number);
            all.put(host.name(), host.address());
        }
        return new HostsProvider(home, equipment.and(host -> trust.equip(host, all)), progress);
    }

    private void remember() throws InterruptedException {
        List<Machine> machines = provider.machines();
        trust.enrol(
                machines, machines.stream().map(machine -> provider.root(machine.name())).toList());
    }

    /**
     * What hosts share. It is noted before anything is made, so that 'down' knows what to remove,
     * whatever interrupts it; what can't be made for a first host leaves nothing.
     */
    private void prepare() throws InterruptedException {
        try {
            PrivateFiles.replace(subnet(directory), home.subnet() + "\n");
            provider.prepare();
        } catch (IOException e) {
            throw new ProvisionException("can't write " + subnet(directory), e);
        } catch (ProvisionException e) {
            if (home.places().isEmpty()) {
                remove();
            }
            throw e;
        }
    }

    /** A boot that failed is not repaired by waiting. */
    private void finishOff(Listed listed) throws InterruptedException {
        String name = listed.machine().name();
        if (listed.machine().up() && listed.boot().phase() == Phase.FAILED) {
            progress.step(name + " did not boot last time, again");
            provider.stop(name);
        }
    }

    @Override
    public void down(boolean purge) throws InterruptedException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (ClusterLock _ = ClusterLock.take(directory, progress)) {
            provider.stopAll();
            if (purge) {
                remove();
                Files.deleteIfExists(ClusterLock.file(directory));
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw cantRemove(e);
        }
    }

    /** All that is the cluster's; the note of it last. */
    private void remove() throws InterruptedException {
        provider.destroy();
        try {
            trust.remove();
            Disk.deleteTree(directory.resolve("installation"));
            Files.deleteIfExists(ClusterUserData.in(directory).file());
            Files.deleteIfExists(subnet(directory));
        } catch (IOException e) {
            throw cantRemove(e);
        }
    }

    private ProvisionException cantRemove(IOException e) {
        return new ProvisionException("can't remove all of " + directory, e);
    }

    @Override
    public void kill(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(directory, progress)) {
            provider.kill(name(machine));
        }
    }

    @Override
    public void stop(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(directory, progress)) {
            provider.stop(name(machine));
        }
    }

    @Override
    public void boot(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(directory, progress)) {
            String name = name(machine);
            for (Listed listed : machines()) {
                if (listed.machine().name().equals(name)) {
                    finishOff(listed);
                }
            }
            provider.boot(name);
        }
    }

    /** Of a machine that was called by its name or its address. */
    private String name(String machine) {
        return provider.machines().stream()
                .filter(one -> one.name().equals(machine) || one.address().equals(machine))
                .map(Machine::name)
                .findFirst()
                .orElseThrow(() ->
                        new ProvisionException(
                                "there is no machine %s: the cluster has %s"
                                        .formatted(
                                                machine,
                                                provider.machines().stream()
                                                        .map(Machine::name)
                                                        .toList())));
    }

    @Override
    public String add() {
        throw new ProvisionException(
                "hosts are made by 'up' alone: ./flotilla down --purge, then up --provider hosts --machines N");
    }

    @Override
    public void remove(String machine) {
        throw new ProvisionException(
                "a host is not taken away alone: ./flotilla machine stop %s shuts it down, ./flotilla down --purge removes all"
                        .formatted(machine));
    }

    @Override
    public void awaitBooted(String machine) throws InterruptedException {
        new BootWait(this, progress).untilBooted(name(machine));
    }

    @Override
    public List<Listed> machines() {
        return provider.machines().stream().map(this::listed).toList();
    }

    private Listed listed(Machine machine) {
        Optional<ProcessHandle> init = provider.init(machine.name());
        return new Listed(
                machine,
                init.map(ProcessHandle::pid).orElse(0L),
                init.map(HostsCluster::boot).orElse(new BootStatus(Phase.DOWN, "")));
    }

    private static BootStatus boot(ProcessHandle init) {
        try {
            BootStatus told = BootStatus.read(inside(init).resolve(STATUS));
            return told.phase() == Phase.DOWN
                    ? new BootStatus(Phase.BOOTING, "systemd boots")
                    : told;
        } catch (IOException e) {
            return new BootStatus(Phase.BOOTING, "its state can't be read: " + e.getMessage());
        }
    }

    /** What the host sees as its root: with what it mounted, and by a short path for sockets. */
    private static Path inside(ProcessHandle init) {
        return Path.of("/proc", Long.toString(init.pid()), "root");
    }

    @Override
    public String lastWords(String machine) {
        try {
            return provider.run(
                            machine,
                            LOOK_MAX,
                            "journalctl",
                            "--no-pager",
                            "--quiet",
                            "--lines=10",
                            "--unit=flotilla-cloudinit.service",
                            "--unit=etcd.service",
                            "--unit=fleet.service")
                    .out()
                    .strip();
        } catch (ProvisionException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    @Override
    public TlsFiles storeTls() {
        return provider.machines().stream()
                .map(machine -> ClusterTrust.asMachine(provider.root(machine.name())))
                .filter(files -> files.certificate().filter(Files::exists).isPresent())
                .findFirst()
                .orElse(TlsFiles.NONE);
    }

    @Override
    public Optional<URI> endpoint() {
        return machines().stream()
                .sorted(Comparator.comparing(listed -> listed.boot().phase() != Phase.RUNNING))
                .flatMap(listed -> socket(listed.machine()).stream())
                .findFirst();
    }

    @Override
    public Optional<URI> socketOf(String machineId) {
        return provider.machines().stream()
                .filter(machine -> machine.machineId().equals(machineId))
                .flatMap(machine -> socket(machine).stream())
                .findFirst();
    }

    private Optional<URI> socket(Machine machine) {
        return provider.init(machine.name())
                .map(init -> inside(init).resolve("run/fleet.sock"))
                .filter(Files::exists)
                .map(FleetClient::at);
    }
}
