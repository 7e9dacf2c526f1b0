package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Stop units and start them again where they are, one after another.")
final class Restart implements Callable<Integer> {
    @Mixin private final Connection connection;

    @Option(
            names = "--block-attempts",
            paramLabel = "N",
            description = "Wait for at most N times two seconds per step; 0 is for ever")
    private int attempts;

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "Unit names")
    private List<String> units = List.of();

    Restart(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            for (String unit : units) {
                restart(fleet, new UnitArgument(unit).name().full());
            }
            return 0;
        });
    }

    private void restart(FleetClient fleet, String name) throws InterruptedException {
        UnitBody unit =
                fleet.unit(name)
                        .orElseThrow(() -> new CommandFailure("Unit " + name + " does not exist."));
        if (unit.currentState() == null) {
            throw new CommandFailure(
                    name + " is global: stop it, see list-units, then start it again");
        }
        if (!"launched".equals(unit.currentState())) {
            throw new CommandFailure(
                    "Unable to restart unit %s in state %s: start it"
                            .formatted(name, unit.currentState()));
        }
        fleet.setDesiredState(name, JobState.LOADED);
        new Waiter(fleet, attempts).await(Set.of(name), JobState.LOADED);
        fleet.setDesiredState(name, JobState.LAUNCHED);
        Waiter waiter = new Waiter(fleet, attempts);
        waiter.await(Set.of(name), JobState.LAUNCHED);
        waiter.awaitRunning(Set.of(name));
    }
}
