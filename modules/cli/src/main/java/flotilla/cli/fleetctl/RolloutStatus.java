package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.RolloutBody;
import flotilla.fleet.api.RolloutBody.Member;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = RolloutStatus.SUMMARY,
        footer = {
            "",
            "Fields of rollouts: name, phase, since, by, hash, reason",
            "Fields of units: unit, text, machine, desired, health",
            "  flotilla rollout status",
            "  flotilla rollout status api@.service"
        })
final class RolloutStatus implements Callable<Integer> {
    static final String SUMMARY = "Say how far rollouts are, or how each unit of one fares.";

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A template, or a single unit")
    private String name = "";

    RolloutStatus(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> name.isEmpty() ? all(fleet) : one(fleet));
    }

    private int all(FleetClient fleet) {
        List<RolloutBody> rollouts = fleet.rollouts();
        boolean full = listing.full();
        Table<RolloutBody> table =
                new Table<RolloutBody>()
                        .field("name", RolloutBody::name)
                        .field("phase", RolloutBody::phase)
                        .field("since", RolloutStatus::since)
                        .field("by", RolloutBody::by)
                        .field("hash", rollout -> ListUnits.hash(rollout.hash(), full))
                        .field("reason", RolloutBody::reason);
        List<String> columns = List.of("name", "phase", "since", "reason");
        return listing.print(table, columns, rollouts, rollouts);
    }

    private static String since(RolloutBody rollout) {
        return Instant.ofEpochMilli(rollout.sinceMillis())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private int one(FleetClient fleet) {
        String set = new UnitArgument(name).name().full();
        RolloutBody rollout =
                fleet.rollout(set)
                        .orElseThrow(() -> new CommandFailure("there is no rollout of " + set));
        Machines machines = Machines.of(fleet);
        boolean full = listing.full();
        Table<Member> table =
                new Table<Member>()
                        .field("unit", Member::name)
                        .field("text", Member::text)
                        .field("machine", unit -> machines.legend(unit.machineID(), full))
                        .field("desired", Member::desiredState)
                        .field("health", Member::health);
        System.err.println(RolloutWatch.sentence(rollout));
        List<String> columns = List.of("unit", "text", "machine", "health");
        List<Member> units = Objects.requireNonNullElse(rollout.units(), List.of());
        return listing.print(table, columns, units, List.of(rollout));
    }
}
