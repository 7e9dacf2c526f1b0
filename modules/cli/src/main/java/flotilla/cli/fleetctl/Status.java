package flotilla.cli.fleetctl;

import flotilla.cli.command.Output;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.StateBody;
import flotilla.fleet.api.StatusBody;
import flotilla.platform.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = Status.SUMMARY,
        footer = {
            "",
            "Exit codes as systemctl's: 0 active, 3 not active, 4 unknown.",
            "  flotilla status api@1.service"
        })
final class Status implements Callable<Integer> {
    static final String SUMMARY =
            "Say how units fare, and of those without a machine why they have none.";

    private static final int NOT_ACTIVE = 3;
    private static final int UNKNOWN = 4;

    private final MachineRoutes routes;
    @Mixin private final Connection connection;

    @Mixin private final Output output = new Output();

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "Of a global unit only how it fares there. " + Machines.HOW_NAMED)
    private @Nullable String machine;

    @Mixin final FormerOptions former = new FormerOptions();

    @Parameters(paramLabel = "UNIT", arity = "1..*", description = "Unit names")
    private List<String> units = List.of();

    Status(EndpointFinder finder, MachineRoutes routes) {
        this.connection = new Connection(finder);
        this.routes = routes;
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::print);
    }

    private int print(FleetClient fleet) {
        List<StatusBody> found = new ArrayList<>();
        int worst = 0;
        String gap = "";
        for (String typed : new KnownUnits(fleet).named(units, KnownUnits::any)) {
            String name = new UnitArgument(typed).name().full();
            Optional<StatusBody> status = fleet.status(name).map(body -> only(body, fleet));
            if (!output.isJson()) {
                System.out.print(gap);
                gap = "\n";
            }
            if (status.isEmpty()) {
                System.err.println("Unit " + name + " does not exist.");
                worst = Math.max(worst, UNKNOWN);
                continue;
            }
            found.add(status.get());
            worst = Math.max(worst, isActive(status.get()) ? 0 : NOT_ACTIVE);
            if (!output.isJson()) {
                new StatusText(fleet, routes).print(status.get());
            }
        }
        if (output.isJson()) {
            System.out.println(Json.write(found));
        }
        return worst;
    }

    /** Of the machine that was asked for. */
    private StatusBody only(StatusBody body, FleetClient fleet) {
        return machine == null ? body : body.on(Machines.of(fleet).named(machine));
    }

    private static boolean isActive(StatusBody status) {
        List<StateBody> states = Objects.requireNonNullElse(status.states(), List.of());
        return !states.isEmpty()
                && states.stream().allMatch(s -> "active".equals(s.systemdActiveState()));
    }
}
