package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Output;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.WhyBody;
import flotilla.platform.json.Json;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = {
            Why.SUMMARY,
            "Machines that could have it come first, the best before all: of two the first column"
                    + " in which they differ decides, the lower number wins. Those marked with a"
                    + " star have it. With a machine: what each check found there. Nothing is"
                    + " changed."
        },
        footer = {
            "",
            "Exit codes: 0 it was said, 1 nobody knows the unit or the machine.",
            "  flotilla why api@1.service",
            "  flotilla why api@1.service core-02",
            "  flotilla why api@1.service --all",
            "  flotilla why api@1.service -o json"
        })
final class Why implements Callable<Integer> {
    static final String SUMMARY = "Say why a unit is where it is, and not elsewhere.";

    @Mixin private final Connection connection;

    @Option(names = "--all", description = "Name every machine, however many there are")
    private boolean all;

    @Mixin private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "UNIT", description = "Unit name")
    private String unit = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MACHINE",
            description = Machines.HOW_NAMED)
    private @Nullable String machine;

    Why(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        WhyBody why = connection.run(this::ask);
        if (output.isJson()) {
            System.out.println(Json.write(why));
        } else {
            System.out.print(machine == null ? WhyText.of(why, all) : WhyText.at(why));
        }
        return 0;
    }

    private WhyBody ask(FleetClient fleet) {
        String name = new UnitArgument(unit).name().full();
        Optional<String> id = Optional.ofNullable(machine).map(typed -> id(typed, fleet));
        return fleet.why(name, id)
                .orElseThrow(() -> new CommandFailure("unit " + name + " does not exist"));
    }

    private static String id(String typed, FleetClient fleet) {
        Machines machines = Machines.of(fleet);
        String id = machines.named(typed);
        if (!machines.has(id)) {
            throw new CommandFailure("machine " + id + " is not in the cluster");
        }
        return id;
    }
}
