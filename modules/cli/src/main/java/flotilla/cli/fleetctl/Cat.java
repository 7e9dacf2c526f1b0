package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cat", mixinStandardHelpOptions = true, description = Cat.SUMMARY)
final class Cat implements Callable<Integer> {
    static final String SUMMARY = "Print a unit's file as the cluster keeps it.";

    @Mixin private final Connection connection;

    @Parameters(paramLabel = "UNIT", description = "Unit name")
    private String unit = "";

    Cat(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        String name = new UnitArgument(unit).name().full();
        return connection.run(fleet -> {
            System.out.print(
                    fleet.unit(name)
                            .map(found -> Submitter.file(found).fleetText())
                            .orElseThrow(() ->
                                    new CommandFailure("Unit %s does not exist.".formatted(name))));
            return 0;
        });
    }
}
