package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = {
            Restart.SUMMARY,
            "It is asked of all at once and goes on also when nobody waits for it."
        })
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
            Map<String, UnitBody> bodies = new LinkedHashMap<>();
            for (String unit : known.named(units, KnownUnits::active)) {
                UnitBody body = known.get(unit);
                bodies.put(String.valueOf(body.name()), body);
            }
            bodies.values().forEach(Restart::requireActive);
            restart(fleet, bodies, limit);
            return 0;
        });
    }

    private static void requireActive(UnitBody unit) {
        if ("inactive".equals(unit.desiredState())) {
            throw new CommandFailure(
                    "Unable to restart unit %s in state inactive: start it".formatted(unit.name()));
        }
    }

    /** Once it is asked, all are started anew, also when nobody waits for it. */
    private static void restart(FleetClient fleet, Map<String, UnitBody> units, int attempts)
            throws InterruptedException {
        Map<String, Long> asked = fleet.restart(List.copyOf(units.keySet()), false);
        for (Map.Entry<String, Long> unit : asked.entrySet()) {
            String name = unit.getKey();
            boolean global = isGlobal(units.get(name));
            new Waiter(fleet, attempts).awaitRestarted(name, unit.getValue(), global);
            System.out.println("Restarted " + (global ? "global unit " : "unit ") + name);
        }
        // A global unit may be on no machine.
        Set<String> somewhere = new TreeSet<>(units.keySet());
        somewhere.removeIf(name -> isGlobal(units.get(name)) && fleet.states(name).isEmpty());
        new Waiter(fleet, attempts).awaitRunning(somewhere);
    }

    private static boolean isGlobal(@Nullable UnitBody unit) {
        return unit != null && unit.currentState() == null;
    }
}
