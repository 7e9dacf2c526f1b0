package flotilla.provision.machine;

import flotilla.discovery.DiscoveryConfig;
import flotilla.discovery.DiscoveryServer;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.platform.http.HttpCaller;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster of three inside this one process: for a JVM that is to learn what machines need when
 * they start (an AOT cache, JEP 483), not for use.
 */
public final class Rehearsal implements AutoCloseable {
    private static final int MACHINES = 3;

    /** Where no cluster and no other rehearsal is likely to be; with its last dot. */
    private static final String SUBNET =
            "127.%d.%d."
                    .formatted(
                            ThreadLocalRandom.current().nextInt(128, 255),
                            ThreadLocalRandom.current().nextInt(256));

    private static final int DISCOVERY_PORT = 8087;

    private static final int LOOKS_MAX = 300;
    private static final long LOOK_AGAIN_MILLIS = 100;
    private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);

    private final DiscoveryServer discovery;
    private final List<LocalMachine> machines;
    private final MachineSpec first;

    private Rehearsal(DiscoveryServer discovery, List<LocalMachine> machines, MachineSpec first) {
        this.discovery = discovery;
        this.machines = machines;
        this.first = first;
    }

    /**
     * Returns when all three have booted.
     *
     * @param directory an empty one, to be removed by the caller
     */
    public static Rehearsal begin(Path directory) throws IOException, InterruptedException {
        DiscoveryServer discovery =
                DiscoveryServer.start(
                        new DiscoveryConfig(
                                new InetSocketAddress(SUBNET + 1, DISCOVERY_PORT),
                                SUBNET + 1 + ":" + DISCOVERY_PORT,
                                directory.resolve("discovery")));
        Path userData = Files.writeString(directory.resolve("user-data"), userData(token()));
        List<LocalMachine> machines = new ArrayList<>();
        for (int number = 1; number <= MACHINES; number++) {
            machines.add(LocalMachine.powerOn(machine(directory, number, userData)));
        }
        each(machines, LocalMachine::boot);
        MachineSpec first = MachineSpec.read(directory.resolve("core-1"));
        Rehearsal rehearsal = new Rehearsal(discovery, machines, first);
        awaitFleet(FleetClient.at(FleetClient.socketOf(Path.of(first.root()))));
        return rehearsal;
    }

    private static String userData(String token) {
        return """
        #cloud-config
        coreos:
          etcd:
            discovery: %s
            addr: $private_ipv4:4001
            peer-addr: $private_ipv4:7001
          fleet:
            public-ip: $private_ipv4
          units:
            - name: etcd.service
              command: start
            - name: fleet.service
              command: start
        """
                .formatted(token);
    }

    private static String token() throws IOException {
        try (HttpCaller caller =
                HttpCaller.to(URI.create("http://" + SUBNET + 1 + ":" + DISCOVERY_PORT))) {
            return caller.get("/new?size=" + MACHINES).text().strip();
        }
    }

    private static Path machine(Path directory, int number, Path userData) throws IOException {
        Path machine = Files.createDirectories(directory.resolve("core-" + number));
        MachineSpec spec =
                new MachineSpec(
                        "core-" + number,
                        SUBNET + (10 + number),
                        UUID.randomUUID().toString().replace("-", ""),
                        machine.resolve("root").toString(),
                        userData.toString(),
                        Optional.empty(),
                        Optional.empty(),
                        1L << 30,
                        1,
                        directory.toString());
        Files.writeString(MachineSpec.file(machine), spec.json());
        return machine;
    }

    private interface Step {
        void take(LocalMachine machine) throws IOException, InterruptedException;
    }

    /** The same with each machine at once; returns when all have. */
    private static void each(List<LocalMachine> machines, Step step)
            throws IOException, InterruptedException {
        List<Future<Boolean>> steps = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (LocalMachine machine : machines) {
                steps.add(
                        executor.submit(() -> {
                            step.take(machine);
                            return true;
                        }));
            }
            for (Future<Boolean> taken : steps) {
                taken.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a machine of the rehearsal failed", e);
        }
    }

    private static void awaitFleet(URI endpoint) throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            try (FleetClient fleet = FleetClient.to(endpoint)) {
                if (fleet.listMachines().size() == MACHINES) {
                    return;
                }
            } catch (FleetException e) {
                log.debug("not yet: {}", e.getMessage());
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
        throw new IOException("fleet does not know its machines");
    }

    /** What one of the machines is told about itself. */
    public MachineSpec machine() {
        return first;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        each(machines, LocalMachine::close);
        discovery.close();
    }
}
