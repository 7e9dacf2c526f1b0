package flotilla.cli.fleetctl;

import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.schedule.Requirements;
import flotilla.units.UnitFile;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list-unit-files",
        mixinStandardHelpOptions = true,
        description = ListUnitFiles.SUMMARY,
        footer = {"", "Fields: unit, global, dstate, target, tmachine, state, hash, desc"})
final class ListUnitFiles implements Callable<Integer> {
    static final String SUMMARY =
            "List the units that the cluster knows, and what is wanted of them.";

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    ListUnitFiles(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    /** A unit with what its file says. */
    private record Row(UnitBody unit, String name, UnitFile file, boolean global) {
        static Row of(UnitBody unit) {
            String name = String.valueOf(unit.name());
            UnitFile file = UnitOption.file(Objects.requireNonNullElse(unit.options(), List.of()));
            return new Row(
                    unit,
                    name,
                    file,
                    Requirements.of(name, file.text()).map(Requirements::global).orElse(false));
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            List<UnitBody> units = fleet.listUnits();
            List<Row> rows =
                    units.stream().map(Row::of).sorted(Comparator.comparing(Row::name)).toList();
            return listing.print(
                    table(Machines.of(fleet)),
                    List.of("unit", "hash", "dstate", "state", "target"),
                    rows,
                    units);
        });
    }

    private Table<Row> table(Machines machines) {
        boolean full = listing.full();
        return new Table<Row>()
                .field("unit", Row::name)
                .field("global", row -> String.valueOf(row.global()))
                .field("dstate", row -> text(row.unit().desiredState()))
                .field("target", row -> target(machines, row, full))
                .field("tmachine", row -> target(machines, row, full))
                .field("state", row -> row.global() ? "" : text(row.unit().currentState()))
                .field("hash", row -> ListUnits.hash(row.file().hash(), full))
                .field("desc", row -> row.file().option("Unit", "Description").orElse(""));
    }

    private static String target(Machines machines, Row row, boolean full) {
        return row.global() ? "global" : machines.legend(row.unit().machineID(), full);
    }

    private static String text(@org.jspecify.annotations.Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
