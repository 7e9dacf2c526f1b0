package flotilla.provision.cluster;

import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.provision.Progress;
import flotilla.provision.ProvisionException;
import flotilla.provision.cluster.MachineCluster.Listed;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks on while machines boot, says what each is at, and gives up with the reason. */
public final class BootWait {
    /** A cluster on a busy host takes some ten seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(50);

    private final MachineCluster cluster;
    private final Progress progress;
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();
    private final Map<String, String> told = new HashMap<>();

    public BootWait(MachineCluster cluster, Progress progress) {
        this.cluster = cluster;
        this.progress = progress;
    }

    /** Until each has booted, and fleet, where it runs, knows them all. */
    public void untilAllServe() throws InterruptedException {
        List<Listed> machines = present();
        while (!machines.stream().allMatch(this::hasBooted)) {
            pause("the machines do not finish their boot");
            machines = present();
        }
        Optional<URI> fleet = cluster.endpoint();
        if (fleet.isEmpty()) {
            progress.step("fleet is not there: this user-data does not start fleet.service");
            return;
        }
        while (fleet.isEmpty() || known(fleet.get()) < machines.size()) {
            pause("fleet does not know all of the " + machines.size() + " machines");
            machines = present();
            // The machine that was asked may have gone.
            fleet = cluster.endpoint();
        }
    }

    /** Until one has booted, whatever the others do. */
    public void untilBooted(String machine) throws InterruptedException {
        while (!present().stream()
                .filter(listed -> listed.machine().name().equals(machine))
                .allMatch(this::hasBooted)) {
            pause(
                    machine
                            + " does not finish its boot (the store needs a majority of the machines)");
        }
    }

    /** A condition that may block for a while itself. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Until the store has given a machine's member its vote. */
    public void untilMember(String machine, Condition promoted) throws InterruptedException {
        while (!promoted.holds()) {
            for (Listed listed : present()) {
                if (listed.machine().name().equals(machine)) {
                    hasBooted(listed);
                }
            }
            pause(machine + " does not catch up with the store");
        }
        progress.step(machine + " is a member of the store");
    }

    private List<Listed> present() {
        List<Listed> machines = cluster.machines();
        if (machines.isEmpty()) {
            throw new ProvisionException("the cluster was removed while its machines booted");
        }
        return machines;
    }

    private boolean hasBooted(Listed machine) {
        String name = machine.machine().name();
        return switch (machine.boot().phase()) {
            case RUNNING -> true;
            case BOOTING -> {
                tell(name, machine.boot().words());
                yield false;
            }
            case FAILED ->
                    throw new ProvisionException(
                            name
                                    + " did not boot: "
                                    + machine.boot().words()
                                    + "\nMend "
                                    + userDataFile()
                                    + " and try ./flotilla up again, or begin anew with"
                                    + " ./flotilla down --purge; its console ends with\n  "
                                    + cluster.lastWords(name));
            case DOWN, STOPPING ->
                    throw new ProvisionException(
                            name
                                    + " went down while it booted; its last words:\n  "
                                    + cluster.lastWords(name));
        };
    }

    private String userDataFile() {
        return cluster.userData().map(own -> own.file().toString()).orElse("the user-data");
    }

    private void tell(String machine, String words) {
        if (!words.equals(told.put(machine, words))) {
            progress.step(machine + ": " + words);
        }
    }

    private static int known(URI fleet) {
        try (FleetClient client = FleetClient.to(fleet)) {
            return client.listMachines().size();
        } catch (FleetException e) {
            return 0; // 503 until the store has answered it once: not yet.
        }
    }

    private void pause(String what) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new ProvisionException(
                    "%s within %d s; ./flotilla status tells how far they are, ./flotilla up waits again"
                            .formatted(what, PATIENCE.toSeconds()));
        }
        Thread.sleep(POLL);
    }
}
