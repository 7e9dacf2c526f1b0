package flotilla.cli.fleetctl;

import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = Start.SUMMARY,
        footer = {"", "  flotilla start examples/api@{1..6}.service"})
final class Start implements Callable<Integer> {
    static final String SUMMARY =
            "Start units on the machines that suit them best; submits them if need be.";

    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Option(names = "--replace", description = "Give units the file's text and restart them")
    private boolean replace;

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "Unit names or files")
    private List<String> units = List.of();

    Start(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet ->
                new Activation(fleet, "start", JobState.LAUNCHED)
                        .run(new Submitter(fleet, replace), units, blocking));
    }
}
