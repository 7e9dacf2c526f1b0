package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Output;
import flotilla.fleet.api.DefaultsBody;
import flotilla.fleet.api.FleetClient;
import flotilla.platform.json.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "defaults",
        mixinStandardHelpOptions = true,
        description = Defaults.SUMMARY,
        footer = {
            "",
            "placement=spread has units go where most is free, placement=pack where least is, so",
            "that whole machines stay empty. It counts for units that are placed from then on and",
            "have no Placement= of their own; units that run stay where they are.",
            "  flotilla defaults",
            "  flotilla defaults placement=pack",
            "  flotilla defaults -o json"
        })
final class Defaults implements Callable<Integer> {
    static final String SUMMARY = "Show or say what holds for units that don't say themselves.";

    private static final String PLACEMENT = "placement=";

    @Mixin private final Connection connection;
    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "placement=spread|pack", arity = "0..1", description = "What to say")
    private List<String> said = List.of();

    Defaults(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::tell);
    }

    private int tell(FleetClient fleet) {
        for (String word : said) {
            if (!word.startsWith(PLACEMENT)) {
                throw new CommandFailure(
                        "\"" + word + "\" is no default: say placement=spread or placement=pack");
            }
            fleet.setDefaults(new DefaultsBody(word.substring(PLACEMENT.length())));
        }
        DefaultsBody now = fleet.defaults();
        System.out.println(output.isJson() ? Json.write(now) : PLACEMENT + now.placement());
        return 0;
    }
}
