package flotilla.provision.local;

import flotilla.client.members.MemberIdentity;
import flotilla.client.members.StoreMembers;
import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Variables;
import flotilla.machine.process.Leftovers;
import flotilla.platform.disk.Disk;
import flotilla.platform.http.HttpCaller;
import flotilla.provision.Machine;
import flotilla.provision.Progress;
import flotilla.provision.Provider;
import flotilla.provision.ProvisionException;
import flotilla.provision.cluster.ClusterLock;
import flotilla.provision.machine.BootStatus;
import flotilla.provision.machine.MachineProcess;
import flotilla.provision.machine.MachineSpec;
import flotilla.provision.machine.MemberFlags;
import flotilla.provision.process.JvmProcess;
import flotilla.provision.process.PortHolder;
import flotilla.provision.process.PrivateFiles;
import flotilla.provision.process.ProcessTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Machines that are processes of this user. Whoever calls what changes something holds the {@link
 * ClusterLock}.
 */
final class LocalProvider implements Provider {
    /** Of a machine's process; what its units need is not in it. */
    private static final List<String> FLAGS = List.of("-Xmx80m", "-Xms16m");

    /** The init gives its units 15 s, see EmbeddedInit; then the process must end. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private final LocalHome home;
    private final String share;
    private final Progress progress;

    /**
     * @param share what units find as FLOTILLA_SHARE
     */
    LocalProvider(LocalHome home, String share, Progress progress) {
        this.home = home;
        this.share = share;
        this.progress = progress;
    }

    @Override
    public List<Machine> create(int machines, String userData) throws InterruptedException {
        Optional<Cluster> known = ClusterFile.read(home);
        Cluster cluster = known.orElseGet(() -> planned(machines));
        if (cluster.members().size() != machines) {
            throw new ProvisionException(
                    "the cluster has %d machines: ./flotilla machine add brings one more, ./flotilla machine remove takes one away"
                            .formatted(cluster.members().size()));
        }
        List<Cluster.Member> down =
                cluster.members().stream()
                        .filter(member -> process(member.name()).isEmpty())
                        .toList();
        // All of them before the first boots: nothing is half done for a port.
        down.forEach(member -> requirePorts(member, userData, known.isEmpty()));
        if (known.isEmpty()) {
            // On disk before its first machine boots; the user-data goes first.
            home.userData().write(userData);
            ClusterFile.write(home, cluster);
        }
        down.forEach(member -> bootUp(cluster, member));
        return machines();
    }

    private Cluster planned(int machines) {
        List<Cluster.Member> members = new ArrayList<>();
        for (int number = 1; number <= machines; number++) {
            members.add(planned(name(number), number));
        }
        return new Cluster(Cluster.FORMAT, home.subnet(), members);
    }

    private static String name(int number) {
        return "core-%02d".formatted(number);
    }

    private Cluster.Member planned(String name, int number) {
        return new Cluster.Member(
                name, home.machineAddress(number), UUID.randomUUID().toString().replace("-", ""));
    }

    /**
     * Makes one more machine, with the first free name, and makes its member known to the store;
     * goes on with one that an earlier call had begun. It boots next.
     */
    Cluster.Member add() throws InterruptedException {
        Cluster cluster = cluster();
        Optional<Cluster.Member> begun =
                cluster.members().stream().filter(member -> member.joins().isPresent()).findFirst();
        Cluster.Member member = begun.orElseGet(() -> next(cluster));
        if (begun.isEmpty()) {
            requirePorts(member, home.userData().read(), false);
        }
        Cluster.Member joining = member.joining(store(cluster).add(identity(member)));
        ClusterFile.write(home, cluster.with(joining));
        return joining;
    }

    /** The machines whose members have no vote yet. */
    List<Cluster.Member> joining() {
        return ClusterFile.read(home).map(Cluster::members).orElse(List.of()).stream()
                .filter(member -> member.joins().isPresent())
                .toList();
    }

    private Cluster.Member next(Cluster cluster) {
        int number = 1;
        while (cluster.names().contains(name(number))) {
            number++;
        }
        return planned(name(number), number);
    }

    /** The store as the machines know it that are up and have a vote. */
    private StoreMembers store(Cluster cluster) {
        Map<Path, ProcessHandle> running = running();
        List<URI> members =
                cluster.members().stream()
                        .filter(member -> member.joins().isEmpty())
                        .filter(member -> running.containsKey(home.machine(member.name())))
                        .map(member -> URI.create("http://" + member.address() + ":2379"))
                        .toList();
        if (members.isEmpty()) {
            throw new ProvisionException("no machine is up to ask: ./flotilla up first");
        }
        return new StoreMembers(members, HttpCaller::to);
    }

    private MemberIdentity identity(Cluster.Member member) {
        Map<String, String> options = new HashMap<>(etcdOptions(member, home.userData().read()));
        options.putIfAbsent("name", member.machineId());
        return MemberFlags.identity(options, member.address());
    }

    /** Gives the member of a new machine its vote, once it has what the others have. */
    boolean promote(Cluster.Member joining) throws InterruptedException {
        Cluster cluster = cluster();
        boolean promoted = store(cluster).promote(identity(joining));
        if (promoted) {
            ClusterFile.write(home, cluster.with(joining.joined()));
        }
        return promoted;
    }

    /** Takes the machine's member out of the store, stops the machine, and removes its files. */
    void remove(String machine) throws InterruptedException {
        Cluster cluster = cluster();
        Cluster.Member member = cluster.member(machine);
        Cluster others = cluster.without(member.name());
        if (others.members().stream().allMatch(other -> other.joins().isPresent())) {
            throw new ProvisionException(
                    member.name()
                            + " is the last machine with the store's data: ./flotilla down --purge removes the cluster");
        }
        store(others).remove(identity(member));
        stop(member);
        try {
            Disk.deleteTree(home.machine(member.name()));
        } catch (IOException e) {
            throw new ProvisionException("can't remove " + home.machine(member.name()), e);
        }
        ClusterFile.write(home, others);
    }

    @Override
    public List<Machine> machines() {
        return machines(running());
    }

    /** The processes of machines, by the directories of the machines. */
    Map<Path, ProcessHandle> running() {
        return ProcessTable.all(MachineProcess.class);
    }

    List<Machine> machines(Map<Path, ProcessHandle> running) {
        return ClusterFile.read(home).map(Cluster::members).orElse(List.of()).stream()
                .map(member ->
                        new Machine(
                                member.name(),
                                member.machineId(),
                                member.address(),
                                running.containsKey(home.machine(member.name()))))
                .toList();
    }

    /** The process that is this machine; empty when it is down. */
    Optional<ProcessHandle> process(String machine) {
        return ProcessTable.find(MachineProcess.class, home.machine(machine));
    }

    /** The name of a machine that was called by its name or its address. */
    String name(String machine) {
        return cluster().member(machine).name();
    }

    @Override
    public void boot(String machine) {
        Cluster cluster = cluster();
        Cluster.Member member = cluster.member(machine);
        if (process(member.name()).isEmpty()) {
            requirePorts(member, home.userData().read(), false);
            bootUp(cluster, member);
        }
    }

    private Cluster cluster() {
        return ClusterFile.read(home)
                .orElseThrow(() ->
                        new ProvisionException("there is no cluster yet: ./flotilla up makes one"));
    }

    private void bootUp(Cluster cluster, Cluster.Member member) {
        Path directory = home.machine(member.name());
        try {
            Path root = directory.resolve("root");
            PrivateFiles.createDirectories(root);
            ClusterToken.ensure(home);
            MachineSpec spec = spec(cluster, member, new ShortPath(home).of(root));
            PrivateFiles.replace(MachineSpec.file(directory), spec.json());
            new BootStatus(BootStatus.Phase.BOOTING, "power on").write(directory);
        } catch (IOException e) {
            throw new ProvisionException("can't prepare " + directory, e);
        }
        progress.step(member.name() + " boots at " + member.address());
        jvm(member.name()).start(Map.of());
    }

    private MachineSpec spec(Cluster cluster, Cluster.Member member, Path root) {
        int machines = cluster.members().size();
        return new MachineSpec(
                member.name(),
                member.address(),
                member.machineId(),
                root.toString(),
                home.userData().file().toString(),
                Optional.of(home.clusterToken().toString()),
                member.joins(),
                HostShare.memoryBytes() / machines,
                (double) Runtime.getRuntime().availableProcessors() / machines,
                share);
    }

    private JvmProcess jvm(String machine) {
        return new JvmProcess(MachineProcess.class, home.machine(machine), List.of(), FLAGS);
    }

    /** The end of what its process said, for a machine that does not run. */
    String lastWords(String machine) {
        return jvm(machine).lastWords();
    }

    /**
     * @param elsewhere whether the cluster may still be made in another subnet
     */
    private static void requirePorts(Cluster.Member member, String userData, boolean elsewhere) {
        Map<String, String> etcd = etcdOptions(member, userData);
        for (int port : MemberFlags.ports(etcd, member.address())) {
            PortHolder.of(member.address(), port)
                    .ifPresent(holder -> {
                        throw new ProvisionException(
                                "%s can't have %s:%d: %s listens there; stop it%s"
                                        .formatted(
                                                member.name(),
                                                member.address(),
                                                port,
                                                holder,
                                                elsewhere
                                                        ? ", or choose another FLOTILLA_SUBNET"
                                                        : ""));
                    });
        }
    }

    private static Map<String, String> etcdOptions(Cluster.Member member, String userData) {
        String text =
                Variables.of(Metadata.of(member.machineId(), member.name(), member.address()))
                        .substitute(userData);
        return CloudConfig.read(text, CloudConfig.Mode.LENIENT)
                .document()
                .map(CloudConfig::etcd)
                .orElse(Map.of());
    }

    @Override
    public void kill(String machine) throws InterruptedException {
        Cluster.Member member = cluster().member(machine);
        Optional<ProcessHandle> process = process(member.name());
        if (process.isPresent()) {
            ProcessTable.kill(process.get());
        }
        Leftovers.kill(member.machineId());
    }

    @Override
    public void stop(String machine) throws InterruptedException {
        stop(cluster().member(machine));
    }

    private void stop(Cluster.Member member) throws InterruptedException {
        Optional<ProcessHandle> process = process(member.name());
        if (process.isPresent() && !ProcessTable.terminate(process.get(), STOP_PATIENCE)) {
            progress.step(member.name() + " did not shut down in time and was killed");
        }
        Leftovers.kill(member.machineId());
    }

    /** All at once: one after the other each would hand its units to those that stop next. */
    void stopAll() throws InterruptedException {
        List<Cluster.Member> members = onDisk();
        List<Future<?>> stops = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Cluster.Member member : members) {
                stops.add(
                        executor.submit(() -> {
                            stop(member);
                            return true;
                        }));
            }
            for (Future<?> stop : stops) {
                stop.get();
            }
        } catch (ExecutionException e) {
            throw new ProvisionException("can't stop every machine", e);
        }
    }

    /** The machines whose directories are there, even if the cluster's file is damaged. */
    private List<Cluster.Member> onDisk() {
        if (!Files.isDirectory(home.machines())) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(home.machines())) {
            return directories
                    .filter(directory -> Files.exists(MachineSpec.file(directory)))
                    .sorted()
                    .map(LocalProvider::member)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new ProvisionException("can't read the machines in " + home.machines(), e);
        }
    }

    private static Cluster.Member member(Path directory) {
        try {
            MachineSpec spec = MachineSpec.read(directory);
            return new Cluster.Member(spec.name(), spec.address(), spec.machineId());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void destroy() throws InterruptedException {
        stopAll();
        try {
            Disk.deleteTree(home.machines());
            new ShortPath(home).remove();
            Files.deleteIfExists(home.userData().file());
            Files.deleteIfExists(home.clusterToken());
            Files.deleteIfExists(home.clusterFile());
        } catch (IOException e) {
            throw new ProvisionException("can't remove all of " + home.directory(), e);
        }
    }
}
