package flotilla.cli.fleetctl;

import flotilla.fleet.job.JobState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description = Submit.SUMMARY,
        footer = {"", "  flotilla submit examples/api@.service"})
final class Submit implements Callable<Integer> {
    static final String SUMMARY = "Make units known to the cluster.";

    @Mixin private final Connection connection;

    @Option(names = "--replace", description = "Give inactive units the file's text")
    private boolean replace;

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "Unit files")
    private List<String> units = List.of();

    Submit(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            Problems problems = new Problems(units.size());
            Set<String> pending = new TreeSet<>();
            for (Submitter.Pending submitted :
                    new Submitter(fleet, replace).bring(units, JobState.INACTIVE, problems)) {
                if (submitted.asBefore()) {
                    continue;
                }
                if (submitted.global()) {
                    System.out.println("Unit " + submitted.name() + " inactive");
                } else {
                    pending.add(submitted.name());
                }
            }
            new Waiter(fleet, 0).await(pending, JobState.INACTIVE);
            problems.requireNone();
            return 0;
        });
    }
}
