package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stop units and leave them on their machines.")
final class Stop implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Parameters(
            paramLabel = "UNIT",
            arity = "1..*",
            description = "Unit names, or globs as 'api@*'")
    private List<String> units = List.of();

    Stop(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet ->
                new Deactivation(fleet, "stop", JobState.LOADED)
                        .run(
                                units,
                                blocking,
                                unit -> {
                                    if ("inactive".equals(unit.currentState())) {
                                        throw new CommandFailure(
                                                "Unable to stop unit %s in state inactive"
                                                        .formatted(unit.name()));
                                    }
                                }));
    }
}
