package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.UnitBody;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "restart", mixinStandardHelpOptions = true, description = Restart.SUMMARY)
final class Restart implements Callable<Integer> {
    static final String SUMMARY =
            "Stop units and start them again where they are, one after another.";

    @Mixin private final Connection connection;

    @Option(
            names = "--block-attempts",
            paramLabel = "N",
            description = "Wait for at most N times two seconds per unit; 0 is for ever")
    private int attempts;

    @Parameters(
            paramLabel = "UNIT",
            arity = "1..*",
            description = "Unit names, or globs as 'api@*'")
    private List<String> units = List.of();

    Restart(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            int limit = Blocking.checked(attempts);
            KnownUnits known = new KnownUnits(fleet);
            for (String unit : known.named(units, KnownUnits::active)) {
                restart(known.get(unit), new Restarting(fleet, new Waiter(fleet, limit)));
            }
            return 0;
        });
    }

    private static void restart(UnitBody unit, Restarting restarting) throws InterruptedException {
        String name = String.valueOf(unit.name());
        boolean global = unit.currentState() == null;
        String state = String.valueOf(global ? unit.desiredState() : unit.currentState());
        if (state.equals("inactive")) {
            throw new CommandFailure(
                    "Unable to restart unit %s in state inactive: start it".formatted(name));
        }
        if (global) {
            restarting.restartGlobal(name);
            System.out.println("Restarted global unit " + name);
        } else {
            restarting.restart(name);
        }
    }
}
