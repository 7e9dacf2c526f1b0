package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.MachineBody;
import flotilla.fleet.job.Eligibility;
import flotilla.provision.Machine;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.cluster.MachineCluster.Listed;
import flotilla.units.TimeSpan;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Shuts a machine down once its units have moved; what was said of it before stays said. */
record Shutdown(MachineCluster cluster, CommandRunner commands) {
    /** The machine, when it is up and there is another one that its units could move to. */
    Optional<Machine> drainable(String named) {
        List<Machine> up =
                cluster.machines().stream().map(Listed::machine).filter(Machine::up).toList();
        return up.size() < 2 || !cluster.startsFleet()
                ? Optional.empty()
                : up.stream()
                        .filter(one -> one.name().equals(named) || one.address().equals(named))
                        .findFirst();
    }

    /**
     * @param deadline for its units to move; what is left then stops with the machine
     */
    void stopEmpty(Machine machine, String deadline) throws InterruptedException {
        if (TimeSpan.parse(deadline).isEmpty()) {
            throw new UsageFailure(
                    "--deadline %s: want a time such as 90s, 5m or infinity".formatted(deadline));
        }
        String id = machine.machineId();
        Optional<String> before = eligibility(id);
        if (before.isEmpty()) {
            System.err.println(machine.name() + " is not in the cluster: its units can't move");
        } else if (commands.run("drain", "--deadline", deadline, id) != 0) {
            System.err.println("What is left on " + machine.name() + " stops with it");
        }
        cluster.stop(machine.name());
        System.err.println(machine.name() + " is down");
        before.ifPresent(word -> restore(machine, word));
    }

    private void restore(Machine machine, String word) {
        if (word.equals(Eligibility.DRAINING.text())) {
            return;
        }
        String command = word.equals(Eligibility.READY.text()) ? "uncordon" : "cordon";
        // Quietly, for the machine is as it was; but it needs the store, which may be gone too.
        if (!isSaid(machine.machineId(), word)) {
            System.err.println(
                    "%s is still drained, for the store does not answer: 'flotilla %s %s' once it does"
                            .formatted(machine.name(), command, machine.machineId()));
        }
    }

    private boolean isSaid(String id, String word) {
        Optional<URI> endpoint = cluster.endpoint();
        if (endpoint.isEmpty()) {
            return false;
        }
        try (FleetClient fleet = FleetClient.to(endpoint.get())) {
            fleet.setEligibility(id, Eligibility.of(word).orElse(Eligibility.CORDONED));
            return true;
        } catch (FleetException e) {
            return false;
        }
    }

    /** What may be done with it now; empty when fleet doesn't know the machine, or can't say. */
    private Optional<String> eligibility(String id) {
        Optional<URI> endpoint = cluster.endpoint();
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        try (FleetClient fleet = FleetClient.to(endpoint.get())) {
            return fleet.listMachines().stream()
                    .filter(machine -> id.equals(machine.id()))
                    .map(MachineBody::eligibility)
                    .map(word -> word == null ? Eligibility.READY.text() : word)
                    .findFirst();
        } catch (FleetException e) {
            return Optional.empty();
        }
    }
}
