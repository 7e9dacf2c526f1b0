package flotilla.cli.fleetctl;

import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.fleet.api.MachineBody;
import flotilla.fleet.job.Eligibility;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "list-machines",
        mixinStandardHelpOptions = true,
        description = ListMachines.SUMMARY,
        footer = {
            "",
            "Fields: machine, ip, metadata, hostname, memory, cpus, eligibility",
            "Eligibility is shown when a machine is cordoned or draining.",
            "  flotilla list-machines --fields=machine,hostname --full"
        })
final class ListMachines implements Callable<Integer> {
    static final String SUMMARY = "List the machines of the cluster.";

    private static final long MIB = 1L << 20;

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    ListMachines(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            List<MachineBody> machines =
                    fleet.listMachines().stream()
                            .sorted(Comparator.comparing(m -> String.valueOf(m.id())))
                            .toList();
            return listing.print(table(listing.full()), columns(machines), machines, machines);
        });
    }

    /** The original's, unless one more says something. */
    private static List<String> columns(List<MachineBody> machines) {
        List<String> columns = new ArrayList<>(List.of("machine", "ip", "metadata"));
        if (!machines.stream().allMatch(m -> eligibility(m).equals(Eligibility.READY.text()))) {
            columns.add("eligibility");
        }
        return columns;
    }

    private static String eligibility(MachineBody machine) {
        return Objects.requireNonNullElse(machine.eligibility(), Eligibility.READY.text());
    }

    /** The columns, for whoever prints machines. */
    static Table<MachineBody> table(boolean full) {
        return new Table<MachineBody>()
                .field("machine", m -> Machines.id(m.id(), full))
                .field("ip", m -> Objects.requireNonNullElse(m.primaryIP(), ""))
                .field("metadata", m -> metadata(m))
                .field("hostname", m -> Objects.requireNonNullElse(m.hostname(), ""))
                .field("memory", m -> m.memoryBytes() == null ? "" : m.memoryBytes() / MIB + "M")
                .field("cpus", m -> m.milliCpus() == null ? "" : cpus(m.milliCpus()))
                .field("eligibility", ListMachines::eligibility);
    }

    private static String cpus(long milliCpus) {
        return milliCpus % 1000 == 0
                ? String.valueOf(milliCpus / 1000)
                : String.valueOf(milliCpus / 1000.0);
    }

    private static String metadata(MachineBody machine) {
        Map<String, String> items = Objects.requireNonNullElse(machine.metadata(), Map.of());
        return new TreeMap<>(items)
                .entrySet().stream()
                        .map(item -> item.getKey() + "=" + item.getValue())
                        .collect(Collectors.joining(","));
    }
}
