package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import flotilla.cli.command.Listing;
import flotilla.cli.table.Table;
import flotilla.provision.Machine;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.cluster.MachineCluster.Listed;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code flotilla machine}: machines that come and go, and power for single ones, to try failures.
 */
@Command(
        name = "machine",
        description = MachineCommand.SUMMARY,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla machine ls",
            "  flotilla machine kill core-02     as if the power had gone",
            "  flotilla machine boot core-02     back, with the data it had",
            "  flotilla machine add              one more, with the next free name",
            "  flotilla machine remove core-04   for good; its units move first"
        })
public final class MachineCommand {
    public static final String SUMMARY =
            "Add, remove, kill, stop and boot machines of this host's cluster; put machines out.";

    private final CommandRunner commands;

    public MachineCommand(CommandRunner commands) {
        this.commands = commands;
    }

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
            name = "add",
            description = {
                "Make one more machine, and wait until it serves.",
                "It gets all data before it counts for the store's majority. An odd number of",
                "machines is best: four bear the loss of no more than three do."
            },
            mixinStandardHelpOptions = true)
    int add() throws InterruptedException {
        String machine = ThisHost.cluster().add();
        System.err.println(machine + " is up, and a member of the store");
        return 0;
    }

    @Command(
            name = "remove",
            description = {
                "Take a machine away for good, with its data: first its units move, then it",
                "leaves the store. Refused when the store would lose its majority."
            },
            mixinStandardHelpOptions = true)
    int remove(
            @Option(
                            names = "--no-drain",
                            description = "Do not move its units first: they move when it is gone")
                    boolean noDrain,
            @Parameters(paramLabel = "MACHINE", description = "core-01 and so on") String machine)
            throws InterruptedException {
        MachineCluster cluster = ThisHost.cluster();
        Optional<Machine> drained =
                noDrain || !cluster.startsFleet() ? Optional.empty() : up(cluster, machine);
        if (drained.isPresent() && commands.run("drain", drained.get().machineId()) != 0) {
            System.err.println(
                    machine
                            + " stays: not all of its units could move; --no-drain takes it away all the same");
            return 1;
        }
        cluster.remove(machine);
        System.err.println(machine + " is gone");
        // What was said of it would stay in the store.
        return drained.isPresent() ? commands.run("uncordon", drained.get().machineId()) : 0;
    }

    private static Optional<Machine> up(MachineCluster cluster, String machine) {
        return cluster.machines().stream()
                .map(Listed::machine)
                .filter(Machine::up)
                .filter(one -> one.name().equals(machine) || one.address().equals(machine))
                .findFirst();
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
            description = {
                "Shut a machine down. First its units move to others, as far as others can have",
                "them; what is left at the deadline stops with it. When it boots again it is as",
                "eligible as before."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "  flotilla machine stop core-02",
                "  flotilla machine stop --deadline 5m core-02",
                "  flotilla machine stop --now core-02    its units move when it is gone"
            })
    int stop(
            @Option(
                            names = "--deadline",
                            paramLabel = "TIME",
                            defaultValue = "1m",
                            description =
                                    "How long its units may take to move: 90s, 5m, infinity"
                                            + " (default: 1m)")
                    String deadline,
            @Option(names = "--now", description = "Do not move its units first") boolean now,
            @Parameters(paramLabel = "MACHINE", description = "core-01 and so on") String machine)
            throws InterruptedException {
        MachineCluster cluster = ThisHost.cluster();
        Shutdown shutdown = new Shutdown(cluster, commands);
        Optional<Machine> first = now ? Optional.empty() : shutdown.drainable(machine);
        if (first.isPresent()) {
            shutdown.stopEmpty(first.get(), deadline);
        } else {
            cluster.stop(machine);
            System.err.println(machine + " is down");
        }
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
        MachineCluster cluster = ThisHost.cluster();
        cluster.boot(machine);
        if (!noBlock) {
            cluster.awaitBooted(machine);
            System.err.println(machine + " is up");
        }
        return 0;
    }
}
