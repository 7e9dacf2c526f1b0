package flotilla.cli.fleetctl;

import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = Load.SUMMARY,
        footer = {"", "  flotilla load hello.service"})
final class Load implements Callable<Integer> {
    static final String SUMMARY = "Give units to machines without starting them.";

    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Option(names = "--replace", description = "Give units that are not launched the file's text")
    private boolean replace;

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "Unit names or files")
    private List<String> units = List.of();

    Load(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet ->
                new Activation(fleet, "load", JobState.LOADED)
                        .run(new Submitter(fleet, replace), units, blocking));
    }
}
