package flotilla.cli.fleetctl;

import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "unload",
        mixinStandardHelpOptions = true,
        description = "Stop units and take them off their machines; the cluster still knows them.")
final class Unload implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Parameters(
            paramLabel = "UNIT",
            arity = "1..*",
            description = "Unit names, or globs as 'api@*'")
    private List<String> units = List.of();

    Unload(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet ->
                new Deactivation(fleet, "unload", JobState.INACTIVE).run(units, blocking, _ -> {}));
    }
}
