package flotilla.cli.fleetctl;

import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.job.Eligibility;
import flotilla.units.TimeSpan;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            Drain.SUMMARY,
            "A unit that no other machine can have stays and runs on; why is said.",
            "Global units stop there. No unit comes until the machine is uncordoned."
        },
        footer = {
            "",
            "Exits with 1 when units are left at the deadline; the machine stays drained.",
            "  flotilla drain core-02",
            "  flotilla drain --deadline 30s core-02",
            "  flotilla uncordon core-02"
        })
final class Drain implements Callable<Integer> {
    static final String SUMMARY = "Move all units away from a machine, and wait until it is empty.";

    @Mixin private final Connection connection;

    @Option(names = "--no-block", description = "Do not wait until it is empty")
    private boolean noBlock;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "How long to wait: 90s, 5m, infinity (default: 5m)")
    private String deadline = "5m";

    @Parameters(paramLabel = "MACHINE", description = Machines.HOW_NAMED)
    private String named = "";

    Drain(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration limit =
                TimeSpan.parse(deadline)
                        .orElseThrow(() ->
                                new UsageFailure(
                                        "--deadline %s: want a time such as 90s, 5m or infinity"
                                                .formatted(deadline)));
        return connection.run(fleet -> drain(fleet, limit));
    }

    private int drain(FleetClient fleet, Duration limit) throws InterruptedException {
        Machines machines = Machines.of(fleet);
        String id = machines.named(named);
        String label = machines.label(id);
        try {
            fleet.setEligibility(id, Eligibility.DRAINING);
        } catch (FleetException e) {
            // Units of one that is gone are moved already; what is left of it is still waited for.
            if (!e.isNotFound() || machines.has(id)) {
                throw e;
            }
            System.err.println(label + " is not in the cluster now");
        }
        if (!noBlock) {
            new Emptying(fleet, id, label).await(limit);
            System.out.println("Drained " + label);
        }
        return 0;
    }
}
