package flotilla.cli.fleetctl;

import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.fleet.api.StateBody;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list-units",
        mixinStandardHelpOptions = true,
        description = ListUnits.SUMMARY,
        footer = {
            "",
            "Fields: unit, machine, load, active, sub, hash, health",
            "  flotilla list-units --no-legend --fields=unit,active"
        })
final class ListUnits implements Callable<Integer> {
    static final String SUMMARY = "List the units that machines have, and how they fare.";

    private static final int SHORT_HASH = 7;

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    ListUnits(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            List<StateBody> states =
                    fleet.listStates().stream()
                            .sorted(
                                    Comparator.comparing((StateBody s) -> String.valueOf(s.name()))
                                            .thenComparing(s -> String.valueOf(s.machineID())))
                            .toList();
            return listing.print(
                    table(Machines.of(fleet)),
                    List.of("unit", "machine", "active", "sub"),
                    states,
                    states);
        });
    }

    private Table<StateBody> table(Machines machines) {
        boolean full = listing.full();
        return new Table<StateBody>()
                .field("unit", s -> text(s.name()))
                .field("machine", s -> machines.legend(s.machineID(), full))
                .field("load", s -> text(s.systemdLoadState()))
                .field("active", s -> text(s.systemdActiveState()))
                .field("sub", s -> text(s.systemdSubState()))
                .field("health", s -> text(s.health()))
                .field("hash", s -> hash(text(s.hash()), full));
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }

    static String hash(String hash, boolean full) {
        return full || hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
    }
}
