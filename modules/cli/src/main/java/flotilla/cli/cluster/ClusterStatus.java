package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import flotilla.cli.command.Output;
import flotilla.cli.table.Table;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.MachineBody;
import flotilla.platform.json.Json;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.cluster.MachineCluster.Listed;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The cluster at a glance; with units, what {@code fleetctl status} says of them. */
@Command(
        name = "status",
        description = {ClusterStatus.SUMMARY, "A unit that no machine has says why."},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla status                   exits with 1 unless every machine serves",
            "  flotilla status api@1.service     exits as systemctl: 0 active, 3 not, 4 unknown"
        })
public final class ClusterStatus implements Callable<Integer> {
    private final CommandRunner commands;

    public static final String SUMMARY = "Say how this host's cluster fares, or how units fare.";

    private static final int NOT_ALL_SERVE = 1;

    @Mixin private final Output output = new Output();

    @Option(names = "--endpoint", paramLabel = "URL", description = "fleet's API, for units")
    private @Nullable String endpoint;

    @Parameters(paramLabel = "UNIT", arity = "0..*", description = "Unit names")
    private List<String> units = List.of();

    /**
     * One machine.
     *
     * @param store leader, follower, "no leader"; empty when it does not answer
     * @param fleet whether fleet counts on it
     */
    private record Row(
            String name, String address, String boot, String at, String store, boolean fleet) {
        boolean serves(boolean fleetIsWanted) {
            return boot.equals("running")
                    && (fleet || !fleetIsWanted)
                    && !store.isEmpty()
                    && !store.equals("no leader");
        }
    }

    public ClusterStatus(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() {
        if (!units.isEmpty()) {
            return commands.run(unitStatus());
        }
        MachineCluster cluster = ThisHost.cluster();
        Set<String> known = knownToFleet(cluster.endpoint());
        List<Row> rows =
                cluster.machines().stream().map(listed -> row(cluster, listed, known)).toList();
        if (output.isJson()) {
            System.out.println(Json.write(rows));
        } else if (rows.isEmpty()) {
            System.err.println("there is no cluster yet: flotilla up makes one");
        } else {
            System.out.print(
                    new Table<Row>()
                            .field("machine", Row::name)
                            .field("ip", Row::address)
                            .field("boot", Row::boot)
                            .field("store", Row::store)
                            .field("fleet", row -> row.fleet() ? "in" : "")
                            .field("at", Row::at)
                            .text(
                                    List.of("machine", "ip", "boot", "store", "fleet", "at"),
                                    true,
                                    rows));
        }
        boolean fleetIsWanted = cluster.startsFleet();
        return !rows.isEmpty() && rows.stream().allMatch(row -> row.serves(fleetIsWanted))
                ? 0
                : NOT_ALL_SERVE;
    }

    private String[] unitStatus() {
        List<String> command = new ArrayList<>(List.of("fleetctl", "status"));
        command.add("--output=" + (output.isJson() ? "json" : "text"));
        if (endpoint != null) {
            command.add("--endpoint=" + endpoint);
        }
        command.addAll(units);
        return command.toArray(String[]::new);
    }

    private static Row row(MachineCluster cluster, Listed listed, Set<String> known) {
        String address = listed.machine().address();
        return new Row(
                listed.machine().name(),
                address,
                listed.boot().phase().name().toLowerCase(Locale.ROOT),
                listed.boot().words().lines().findFirst().orElse(""),
                listed.machine().up() ? MemberRole.of(cluster, address) : "",
                known.contains(listed.machine().machineId()));
    }

    private static Set<String> knownToFleet(Optional<URI> fleet) {
        if (fleet.isEmpty()) {
            return Set.of();
        }
        try (FleetClient client = FleetClient.to(fleet.get())) {
            return client.listMachines().stream()
                    .map(MachineBody::id)
                    .map(String::valueOf)
                    .collect(Collectors.toSet());
        } catch (FleetException e) {
            System.err.println("fleet does not answer: " + e.getMessage());
            return Set.of();
        }
    }
}
