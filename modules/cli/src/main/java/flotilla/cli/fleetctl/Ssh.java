package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.ssh.Client;
import flotilla.cli.ssh.OpenSsh.Errand;
import flotilla.cli.ssh.Place;
import flotilla.cli.ssh.Terminal;
import flotilla.fleet.api.FleetClient;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ssh",
        mixinStandardHelpOptions = true,
        description = {
            Ssh.SUMMARY,
            "Without a command it is a shell. The exit code is the command's; 255 when ssh does"
                    + " not get there."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  fleetctl ssh 2444264c                    the beginning of a machine's id",
            "  fleetctl ssh core-02 uptime",
            "  fleetctl ssh -A api@1.service            the machine that has the unit",
            "  fleetctl --tunnel 10.0.0.11 ssh core-02  over another machine, as a jump host"
        })
final class Ssh implements Callable<Integer> {
    static final String SUMMARY = "Open a shell, or run a command, on a machine of the cluster.";

    @Mixin private final Connection connection;

    @Option(
            names = {"-A", "--forward-agent"},
            description = "Let the machine use the keys of this ssh-agent")
    private boolean forwardAgent;

    @Option(
            names = {"-m", "--machine"},
            paramLabel = "MACHINE",
            description = "The machine: host name, address, or id, whole or its beginning")
    private @Nullable String machine;

    @Option(
            names = {"-u", "--unit"},
            paramLabel = "UNIT",
            description = "The machine that has this unit")
    private @Nullable String unit;

    @Option(
            names = "--ssh-port",
            paramLabel = "PORT",
            defaultValue = "22",
            description = "Where its sshd listens; 22 if not said")
    private int port = Place.PORT;

    @Parameters(
            paramLabel = "MACHINE|UNIT [COMMAND...]",
            arity = "0..*",
            description = "A machine or a unit, unless an option says it; and what to run there")
    private List<String> words = List.of();

    Ssh(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    /** As a command that leaves what stands behind its first word to the other machine. */
    static CommandSpec spec(EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new Ssh(finder));
        spec.parser().stopAtPositional(true).stopAtUnmatched(false);
        return spec;
    }

    /** Whom to go to, and what for. */
    private record Journey(Place target, List<String> command) {}

    @Override
    public Integer call() throws InterruptedException {
        if (machine != null && unit != null) {
            throw new UsageFailure("--machine and --unit: say one of them");
        }
        if (machine == null && unit == null && words.isEmpty()) {
            throw new UsageFailure("which machine? Name it, or a unit that it has");
        }
        Place.checked(port);
        Journey journey = connection.run(this::journey);
        return new Client(connection.ssh())
                .run(
                        journey.target(),
                        connection.over(),
                        new Errand(Terminal.isInput(), forwardAgent, journey.command()));
    }

    private Journey journey(FleetClient fleet) {
        Destination destination = Destination.in(fleet);
        String id;
        List<String> command = words;
        if (machine != null) {
            id = destination.machines().named(machine);
        } else if (unit != null) {
            id = destination.ofUnit(unit);
        } else {
            id = destination.of(words.getFirst());
            command = words.subList(1, words.size());
        }
        String address = destination.machines().ip(id);
        if (address.isEmpty()) {
            throw new CommandFailure(
                    "machine " + id + " is not in the cluster now: its address is not known");
        }
        boolean dashes = !command.isEmpty() && command.getFirst().equals("--");
        return new Journey(
                new Place(address, port), dashes ? command.subList(1, command.size()) : command);
    }
}
