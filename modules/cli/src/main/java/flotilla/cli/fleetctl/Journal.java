package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.JournalLineBody;
import flotilla.fleet.api.UnitBody;
import flotilla.platform.json.Json;
import java.net.URI;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = "Print what a unit logged on the machine that has it.",
        footer = {"", "  flotilla journal -f --lines 50 api@1.service"})
final class Journal implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT)
                    .withZone(ZoneId.systemDefault());

    enum Format {
        SHORT,
        CAT,
        JSON
    }

    private final MachineRoutes routes;
    @Mixin private final Connection connection;

    @Option(names = "--lines", paramLabel = "N", description = "Last lines to begin with")
    private int lines = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with new lines as they come")
    private boolean follow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "short, cat (messages only) or json",
            defaultValue = "short")
    private Format format = Format.SHORT;

    @Parameters(paramLabel = "UNIT", description = "Unit name")
    private String unit = "";

    Journal(EndpointFinder finder, MachineRoutes routes) {
        this.connection = new Connection(finder);
        this.routes = routes;
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::print);
    }

    private int print(FleetClient fleet) throws InterruptedException {
        String name = new UnitArgument(unit).name().full();
        UnitBody found =
                fleet.unit(name)
                        .orElseThrow(() -> new CommandFailure("Unit " + name + " does not exist."));
        String machine = found.machineID();
        if (machine == null) {
            throw new CommandFailure(
                    found.currentState() == null
                            ? name + " is global: look at its journal on one of its machines"
                            : "Unit " + name + " does not appear to be running.");
        }
        Machines machines = Machines.of(fleet);
        String host = machines.label(machine);
        Optional<URI> socket = routes.socketOf(machine);
        if (socket.isEmpty() && fleet.status(name).filter(s -> s.text() != null).isEmpty()) {
            throw new CommandFailure(
                    "%s logs on %s, which can't be reached from here: ssh core@%s journalctl -u %s"
                            .formatted(name, host, machines.ip(machine), name));
        }
        Consumer<JournalLineBody> printer = line -> System.out.println(text(host, line));
        if (socket.isEmpty()) {
            fleet.journal(name, lines, follow, printer);
            return 0;
        }
        try (FleetClient there = FleetClient.to(socket.get())) {
            there.journal(name, lines, follow, printer);
        }
        return 0;
    }

    private String text(String host, JournalLineBody line) {
        return switch (format) {
            case CAT -> line.message();
            case JSON -> Json.write(line);
            case SHORT ->
                    "%s %s %s%s: %s"
                            .formatted(
                                    TIME.format(line.instant()),
                                    host,
                                    line.identifier(),
                                    line.pid() == 0 ? "" : "[" + line.pid() + "]",
                                    line.message());
        };
    }
}
