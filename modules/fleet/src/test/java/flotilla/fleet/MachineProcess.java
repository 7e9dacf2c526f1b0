package flotilla.fleet;

import flotilla.machine.HostFacts;
import flotilla.machine.Ports;
import flotilla.machine.embedded.EmbeddedHost;
import flotilla.machine.embedded.EmbeddedInit;
import flotilla.machine.embedded.InitConfig;
import flotilla.platform.memory.MemoryBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The process of a machine with a real init and a real fleetd, which a test may have stand still.
 */
final class MachineProcess {
    private MachineProcess() {}

    /**
     * Ends when its standard input does.
     *
     * @param arguments the machine's root, the last part of which is its id, and the store's
     *     address
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        String id = root.getFileName().toString();
        InitConfig config =
                new InitConfig(
                        root,
                        id,
                        root.toString().replaceAll("[^a-z0-9]", ""),
                        "boot-1",
                        Map.of(),
                        Map.of(),
                        new MemoryBudget(80L << 20));
        HostFacts facts = new HostFacts(id, "boot-1", "host-" + id, "", 1L << 30, 2000);
        try (EmbeddedInit init = EmbeddedInit.open(config);
                FleetDaemon _ =
                        FleetDaemon.start(
                                TestMachine.config(
                                        arguments[1], id, Map.of(), Duration.ofSeconds(5)),
                                new Ports(init, init.journal(), new EmbeddedHost(facts)),
                                root)) {
            while (System.in.read() >= 0) {
                // It says nothing that matters.
            }
        }
    }
}
