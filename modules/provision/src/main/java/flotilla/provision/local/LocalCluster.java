package flotilla.provision.local;

import flotilla.fleet.api.FleetClient;
import flotilla.platform.disk.Disk;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import flotilla.provision.cluster.BootWait;
import flotilla.provision.cluster.ClusterLock;
import flotilla.provision.cluster.ClusterUserData;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.discovery.TokenService;
import flotilla.provision.machine.BootStatus;
import flotilla.provision.machine.BootStatus.Phase;
import flotilla.provision.machine.MachineSpec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of this user on this host: machines by {@link LocalProvider}, found to each other by
 * a token of its own discovery service. One command at a time changes it; looking is free.
 */
public final class LocalCluster implements MachineCluster {
    private static final int DEFAULT_MACHINES = 3;

    /** Each machine of a local cluster is a member of its store, which has so many at most. */
    private static final int MACHINES_MAX = 7;

    private final LocalHome home;
    private final Progress progress;
    private final LocalProvider provider;
    private final TokenService discovery;

    /**
     * @param share the directory that units find as FLOTILLA_SHARE: it holds the examples
     */
    public LocalCluster(LocalHome home, String share, Progress progress) {
        this.home = home;
        this.progress = progress;
        this.provider = new LocalProvider(home, share, progress);
        this.discovery = new TokenService(home.discoveryAddress(), home.discovery());
    }

    /** Whether a cluster of this provider has that directory. */
    public static boolean isAt(Path directory) {
        return Files.exists(directory.resolve(LocalHome.CLUSTER_FILE));
    }

    @Override
    public Optional<ClusterUserData> userData() {
        return ClusterFile.read(home).map(_ -> home.userData());
    }

    /**
     * Makes the cluster when there is none, boots every machine that is down or did not boot to its
     * end, and waits until all serve. Whatever an earlier {@code up} had done is kept.
     *
     * @param machines how many; empty: as many as there are, 3 for a new cluster
     * @param userData asked for a new cluster only; its discovery URL is replaced by that of a new
     *     token
     * @throws ProvisionException what is in the way, and what to do about it
     */
    @Override
    public void up(OptionalInt machines, Supplier<String> userData) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            Optional<Cluster> known = ClusterFile.read(home);
            int size = machines.orElse(known.map(c -> c.members().size()).orElse(DEFAULT_MACHINES));
            if (size < 1 || size > MACHINES_MAX) {
                throw new ProvisionException(
                        "%d machines: a local cluster has 1 to %d, each a member of its store; 3 or 5 are best"
                                .formatted(size, MACHINES_MAX));
            }
            String text = known.isPresent() ? home.userData().read() : userData.get();
            OptionalInt anew = known.isPresent() ? OptionalInt.empty() : OptionalInt.of(size);
            text = discovery.serve(text, anew, progress);
            for (Listed listed : machines()) {
                finishOff(listed);
            }
            try {
                provider.create(size, text);
            } catch (ProvisionException e) {
                if (ClusterFile.read(home).isEmpty()) {
                    discovery.stop();
                }
                throw e;
            }
        }
        finishJoining();
        new BootWait(this, progress).untilAllServe();
    }

    /**
     * A boot that failed is not repaired by waiting, and a machine that is going down, whose
     * command was interrupted, does not come back: such a machine boots again.
     */
    private void finishOff(Listed listed) throws InterruptedException {
        String name = listed.machine().name();
        Phase phase = listed.boot().phase();
        if (listed.machine().up() && (phase == Phase.FAILED || phase == Phase.STOPPING)) {
            progress.step(
                    phase == Phase.FAILED
                            ? name + " did not boot last time, again"
                            : name + " is still going down");
            provider.stop(name);
        }
    }

    /** Stops everything; with {@code purge} removes it too. Harmless when there is nothing. */
    @Override
    public void down(boolean purge) throws InterruptedException {
        if (!Files.isDirectory(home.directory())) {
            return;
        }
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            provider.stopAll();
            discovery.stop();
            if (purge) {
                provider.destroy();
                Disk.deleteTree(home.discovery());
                Files.deleteIfExists(ClusterLock.file(home.directory()));
            }
        } catch (IOException e) {
            throw new ProvisionException("can't remove all of " + home.directory(), e);
        }
        if (purge) {
            removeHome();
        }
    }

    /** Only if nothing of anybody else's is in it. */
    private void removeHome() {
        try {
            Files.deleteIfExists(home.directory());
        } catch (IOException e) {
            progress.step(home.directory() + " stays: it holds files that are not of the cluster");
        }
    }

    @Override
    public void kill(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            provider.kill(machine);
        }
    }

    @Override
    public void stop(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            provider.stop(machine);
        }
    }

    /** Returns when the machine has begun to boot. */
    @Override
    public void boot(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            String name = provider.name(machine);
            for (Listed listed : machines()) {
                if (listed.machine().name().equals(name)) {
                    finishOff(listed);
                }
            }
            provider.boot(name);
        }
    }

    /**
     * Makes one more machine and boots it; its member of the store gets a vote when it has what the
     * others have. Blocks until then. An interrupted call is finished by the next, or by {@link
     * #up}.
     *
     * @return its name
     */
    @Override
    public String add() throws InterruptedException {
        String name;
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            int size = machines().size();
            if (size >= MACHINES_MAX && provider.joining().isEmpty()) {
                throw new ProvisionException(
                        "the cluster has %d machines, as many as there may be".formatted(size));
            }
            name = provider.add().name();
            provider.boot(name);
        }
        finishJoining();
        awaitBooted(name);
        return name;
    }

    /** The vote comes first: a member without one serves no fleet. */
    private void finishJoining() throws InterruptedException {
        BootWait wait = new BootWait(this, progress);
        for (Cluster.Member joining : provider.joining()) {
            wait.untilMember(joining.name(), () -> promoted(joining));
        }
    }

    private boolean promoted(Cluster.Member joining) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            return provider.promote(joining);
        }
    }

    /**
     * Takes a machine away for good, its member of the store with it, and all its files. Its units
     * are not moved first: they come to others when it is gone.
     *
     * @throws ProvisionException also when the store would lose its majority; nothing is done then
     */
    @Override
    public void remove(String machine) throws InterruptedException {
        try (ClusterLock _ = ClusterLock.take(home.directory(), progress)) {
            provider.remove(machine);
        }
    }

    /** Waits until a machine has finished its boot, for which the store needs a majority. */
    @Override
    public void awaitBooted(String machine) throws InterruptedException {
        new BootWait(this, progress).untilBooted(provider.name(machine));
    }

    @Override
    public List<Listed> machines() {
        Map<Path, ProcessHandle> running = provider.running();
        return provider.machines(running).stream()
                .map(machine -> listed(machine, running.get(home.machine(machine.name()))))
                .toList();
    }

    private Listed listed(Machine machine, @Nullable ProcessHandle process) {
        return process == null
                ? new Listed(machine, 0, new BootStatus(Phase.DOWN, ""))
                : new Listed(machine, process.pid(), bootStatus(machine.name()));
    }

    private BootStatus bootStatus(String machine) {
        try {
            return BootStatus.read(home.machine(machine));
        } catch (IOException e) {
            throw new ProvisionException("can't read how far " + machine + " is", e);
        }
    }

    /** The end of what a machine's process said. */
    @Override
    public String lastWords(String machine) {
        return provider.lastWords(machine);
    }

    /** fleet's API of a machine that is up, one that has booted before others. */
    @Override
    public Optional<URI> endpoint() {
        return machines().stream()
                .filter(listed -> listed.machine().up())
                .sorted(Comparator.comparing(listed -> listed.boot().phase() != Phase.RUNNING))
                .flatMap(listed -> socket(listed.machine()).stream())
                .findFirst();
    }

    /** fleet's API of one machine; empty when it is down, or not of this cluster. */
    @Override
    public Optional<URI> socketOf(String machineId) {
        return machines().stream()
                .map(Listed::machine)
                .filter(machine -> machine.up() && machine.machineId().equals(machineId))
                .flatMap(machine -> socket(machine).stream())
                .findFirst();
    }

    private Optional<URI> socket(Machine machine) {
        try {
            Path root = Path.of(MachineSpec.read(home.machine(machine.name())).root());
            Path socket = FleetClient.socketOf(root);
            return Files.exists(socket) ? Optional.of(FleetClient.at(socket)) : Optional.empty();
        } catch (IOException e) {
            throw new ProvisionException("can't read what " + machine.name() + " is", e);
        }
    }
}
