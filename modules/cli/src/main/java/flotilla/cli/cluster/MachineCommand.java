package flotilla.cli.cluster;

import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.provision.local.LocalCluster;
import flotilla.provision.local.LocalCluster.Listed;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code flotilla machine}: power for single machines, to try failures. */
@Command(
        name = "machine",
        description = MachineCommand.SUMMARY,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla machine ls",
            "  flotilla machine kill core-02     as if the power had gone",
            "  flotilla machine boot core-02     back, with the data it had"
        })
public final class MachineCommand {
    public static final String SUMMARY =
            "Kill, stop and boot single machines of this host's cluster.";

    /** A line of {@code machine ls}. */
    private record Row(
            String name, String address, String machineId, String state, String at, long pid) {
        static Row of(Listed listed) {
            return new Row(
                    listed.machine().name(),
                    listed.machine().address(),
                    listed.machine().machineId(),
                    listed.boot().phase().name().toLowerCase(Locale.ROOT),
                    listed.boot().words().lines().findFirst().orElse(""),
                    listed.pid());
        }
    }

    @Command(
            name = "ls",
            description = "List the machines, up or not.",
            mixinStandardHelpOptions = true,
            footer = {"", "Fields: name, ip, machine, state, at, pid"})
    int ls(@Mixin Listing listing) {
        List<Row> rows = ThisHost.cluster().machines().stream().map(Row::of).toList();
        Table<Row> table =
                new Table<Row>()
                        .field("name", Row::name)
                        .field("ip", Row::address)
                        .field("machine", Row::machineId)
                        .field("state", Row::state)
                        .field("at", Row::at)
                        .field("pid", row -> row.pid() == 0 ? "" : Long.toString(row.pid()));
        return listing.print(table, List.of("name", "ip", "state", "pid"), rows, rows);
    }

    @Command(
            name = "kill",
            description = "Take a machine's power away: SIGKILL to it and all that runs on it.",
            mixinStandardHelpOptions = true)
    int kill(@Parameters(paramLabel = "MACHINE", description = "core-01 and so on") String machine)
            throws InterruptedException {
        ThisHost.cluster().kill(machine);
        System.err.println(machine + " is down");
        return 0;
    }

    @Command(
            name = "stop",
            description = "Shut a machine down: its units stop and move to others.",
            mixinStandardHelpOptions = true)
    int stop(@Parameters(paramLabel = "MACHINE", description = "core-01 and so on") String machine)
            throws InterruptedException {
        ThisHost.cluster().stop(machine);
        System.err.println(machine + " is down");
        return 0;
    }

    @Command(
            name = "boot",
            description =
                    "Start a machine again with the data it had, and wait until it has booted.",
            mixinStandardHelpOptions = true)
    int boot(
            @Option(names = "--no-block", description = "Do not wait") boolean noBlock,
            @Parameters(paramLabel = "MACHINE", description = "core-01 and so on") String machine)
            throws InterruptedException {
        LocalCluster cluster = ThisHost.cluster();
        cluster.boot(machine);
        if (!noBlock) {
            cluster.awaitBooted(machine);
            System.err.println(machine + " is up");
        }
        return 0;
    }
}
