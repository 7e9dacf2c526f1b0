package flotilla.cli.fleetctl;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "destroy",
        mixinStandardHelpOptions = true,
        description = "Stop units and make the cluster forget them.")
final class Destroy implements Callable<Integer> {
    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Parameters(
            paramLabel = "UNIT",
            arity = "1..*",
            description = "Unit names, or globs as 'api@*'")
    private List<String> units = List.of();

    Destroy(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            Set<String> destroyed = new TreeSet<>();
            for (String unit : new KnownUnits(fleet).named(units, KnownUnits::any)) {
                String name = new UnitArgument(unit).name().full();
                if (fleet.destroy(name)) {
                    destroyed.add(name);
                } else {
                    System.err.println("Unit " + name + " does not exist.");
                }
            }
            if (blocking.waits()) {
                new Waiter(fleet, blocking.attempts()).awaitGone(destroyed);
            }
            destroyed.forEach(name -> System.out.println("Destroyed " + name));
            return 0;
        });
    }
}
