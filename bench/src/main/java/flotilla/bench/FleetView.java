package flotilla.bench;

import flotilla.fleet.FleetDaemon;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The cluster's units as one machine's fleet knows them. A look takes milliseconds, where a command
 * takes half a second.
 */
final class FleetView implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private final FleetClient fleet;

    /**
     * @param root of a machine that stays up
     */
    FleetView(Path root) {
        fleet = FleetClient.to(FleetClient.at(FleetDaemon.socket(root)));
    }

    /** The machine with that address. */
    String machineId(String address) {
        return machineId(fleet, address);
    }

    /** The same, asked of any machine's fleet. */
    static String machineId(FleetClient fleet, String address) {
        return fleet.listMachines().stream()
                .filter(machine -> address.equals(machine.primaryIP()))
                .map(machine -> String.valueOf(machine.id()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no machine has " + address));
    }

    /** Waits until so many units are active, none of them on that machine. */
    void awaitElsewhere(int units, String lostMachine) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (activeElsewhere(lostMachine) != units) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "after " + PATIENCE + " not " + units + " units are active elsewhere");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private long activeElsewhere(String lostMachine) {
        try {
            return fleet.listStates().stream()
                    .filter(state -> !lostMachine.equals(state.machineID()))
                    .filter(state -> "active".equals(state.systemdActiveState()))
                    .count();
        } catch (FleetException e) {
            if (e.isTemporary()) {
                return 0; // The store has no leader just now.
            }
            throw e;
        }
    }

    @Override
    public void close() {
        fleet.close();
    }
}
