package flotilla.provision.machine;

import flotilla.cloudconfig.apply.Applier;
import flotilla.cloudconfig.apply.Boot;
import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.UserData;
import flotilla.cloudconfig.document.Variables;
import flotilla.machine.HostFacts;
import flotilla.machine.Init.JobVerb;
import flotilla.machine.Ports;
import flotilla.machine.embedded.EmbeddedHost;
import flotilla.machine.embedded.EmbeddedInit;
import flotilla.machine.embedded.InitConfig;
import flotilla.platform.memory.MemoryBudget;
import flotilla.provision.machine.BootStatus.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local machine that has power: its root directory is prepared and its init runs. Then it boots:
 * what was enabled starts, and the user-data is applied, as coreos-cloudinit does on every boot.
 */
final class LocalMachine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalMachine.class);

    /** Pause before a word that could not be written is tried again. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private final Path directory;
    private final Metadata metadata;
    private final CloudConfig.Reading userData;
    private final Path root;
    private final Ports ports;
    private volatile String complaint = "";

    private LocalMachine(Path directory, Path root, Inside inside, Ports ports) {
        this.directory = directory;
        this.root = root;
        this.metadata = inside.metadata();
        this.userData = inside.userData();
        this.ports = ports;
    }

    /** What the machine is told from outside. */
    private record Inside(Metadata metadata, CloudConfig.Reading userData) {
        static Inside of(MachineSpec spec) {
            Metadata metadata = Metadata.of(spec.machineId(), spec.name(), spec.address());
            UserData userData = userData(Path.of(spec.userData()));
            Variables variables = Variables.of(metadata);
            variables.empty(userData.text()).forEach(problem -> log.warn("user-data:{}", problem));
            return new Inside(
                    metadata, CloudConfig.read(userData, variables, CloudConfig.Mode.LENIENT));
        }

        /**
         * One that can't be read is as one that can't be used: the machine comes up and says so.
         */
        private static UserData userData(Path file) {
            try {
                return UserData.of(Files.readAllBytes(file));
            } catch (IOException e) {
                return UserData.unreadable("can't read " + file + ": " + e);
            }
        }

        FleetPrefix fleetPrefix(Path root) {
            return new FleetPrefix(
                    root, userData.document().map(CloudConfig::fleet).orElse(Map.of()));
        }

        String hostname() {
            return userData.document().flatMap(CloudConfig::hostname).orElse(metadata.hostname());
        }
    }

    /**
     * Prepares the root and opens the init; kills what an earlier process of this machine left.
     *
     * @param directory the machine's, with its {@link MachineSpec}
     */
    static LocalMachine powerOn(Path directory) throws IOException {
        MachineSpec spec = MachineSpec.read(directory);
        Path root = RootDirectory.prepare(spec);
        Inside inside = Inside.of(spec);
        CompletableFuture<Ports> running = new CompletableFuture<>();
        HostFacts host = host(spec, inside.hostname());
        FleetPrefix prefix = inside.fleetPrefix(root);
        Optional<Path> token = spec.tokenFile().map(Path::of);
        InitConfig config =
                new InitConfig(
                        root,
                        host.hostname(),
                        host.machineId(),
                        host.bootId(),
                        environment(spec),
                        Map.of(
                                StockUnits.ETCD,
                                        new EtcdProgram(
                                                spec.address(), prefix, token, spec.joins()),
                                StockUnits.FLEETD,
                                        new FleetProgram(
                                                spec.address(), prefix, token, running::join)),
                        MemoryBudget.ofThisJvm());
        EmbeddedInit init = EmbeddedInit.open(config);
        Ports ports = new Ports(init, init.journal(), new EmbeddedHost(host));
        running.complete(ports);
        return new LocalMachine(directory, root, inside, ports);
    }

    private static HostFacts host(MachineSpec spec, String hostname) {
        return new HostFacts(
                spec.machineId(),
                UUID.randomUUID().toString(),
                hostname,
                spec.address(),
                spec.memoryBytes(),
                Math.round(spec.cpus() * 1000));
    }

    /** What every unit of the machine finds in its environment. */
    private static Map<String, String> environment(MachineSpec spec) {
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("FLOTILLA_SHARE", spec.share());
        environment.put("COREOS_PRIVATE_IPV4", spec.address());
        environment.put("COREOS_PUBLIC_IPV4", spec.address());
        return environment;
    }

    /**
     * Starts what is enabled and applies the user-data; returns when that is done or has failed,
     * which {@link BootStatus} tells. The machine stays up either way.
     */
    void boot() throws InterruptedException {
        note(Phase.BOOTING, "start multi-user.target");
        // Not waited for: what was enabled on an earlier boot starts beside what the user-data
        // says.
        var _ = ports.init().job(JobVerb.START, "multi-user.target");
        try {
            apply();
            tell(Phase.RUNNING, "");
        } catch (IOException e) {
            log.error("{}", e.getMessage());
            tell(Phase.FAILED, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            log.error("the user-data was not applied", e);
            tell(Phase.FAILED, "the user-data was not applied: " + e);
        }
    }

    private void apply() throws IOException, InterruptedException {
        userData.problems().forEach(problem -> log.warn("user-data:{}", problem));
        Boot.apply(userData, metadata, new Applier(root, ports, this::progress));
    }

    private void progress(String action) {
        log.info("{}", action);
        note(Phase.BOOTING, action);
    }

    /** Whoever waits for the boot has to hear how it ended: on a full disk, when there is room. */
    private void tell(Phase phase, String words) throws InterruptedException {
        while (!note(phase, words)) {
            Thread.sleep(RETRY_PAUSE);
        }
    }

    /** Shuts down in order: units first; takes 15 seconds at most. */
    @Override
    public void close() {
        note(Phase.STOPPING, "");
        ports.init().close();
        note(Phase.DOWN, "");
    }

    private boolean note(Phase phase, String words) {
        try {
            new BootStatus(phase, words).write(directory);
            complaint = "";
            return true;
        } catch (IOException e) {
            String told = String.valueOf(e.getMessage());
            if (!told.equals(complaint)) {
                complaint = told;
                log.warn("the boot status can't be told: {}", told);
            }
            return false;
        }
    }
}
