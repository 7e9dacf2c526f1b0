package flotilla.cli.cluster;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.CommandRunner;
import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.document.Problem;
import flotilla.cloudconfig.document.UserData;
import flotilla.cloudconfig.document.Variables;
import flotilla.platform.log.Logging;
import flotilla.provision.cluster.ClusterUserData;
import flotilla.provision.cluster.MachineCluster;
import flotilla.provision.local.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** From nothing to a cluster, or from a stopped one to a running one. */
@Command(
        name = "up",
        description = {
            Up.SUMMARY,
            "Brings back what is down of a cluster that is there, with the data it had."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla up                     three machines, the article's user-data",
            "  flotilla up --machines 5 --user-data my.yml",
            "  sudo flotilla up --provider hosts",
            "",
            "The cluster lives in FLOTILLA_HOME (~/.local/state/flotilla), and its",
            "machines at FLOTILLA_SUBNET (127.77.0; hosts: 10.77.0)."
        })
public final class Up implements Callable<Integer> {
    private final CommandRunner commands;

    public static final String SUMMARY =
            "Bring up a cluster on this host, as processes without root, or as hosts with systemd.";

    @Option(
            names = {"-n", "--machines"},
            paramLabel = "N",
            description = "How many machines a new cluster has, 1 to 7; 3 if not said")
    private @Nullable Integer machines;

    @Option(
            names = "--provider",
            paramLabel = "local|hosts",
            description =
                    "What a new cluster's machines are: local, a process and a loopback address"
                            + " each, no root, and no certificates: they speak plainly, on loopback"
                            + " alone; hosts, a systemd each in name spaces of this machine, as"
                            + " root, that speak by certificates. local if not said")
    private ThisHost.@Nullable ProviderName provider;

    @Option(
            names = "--user-data",
            paramLabel = "FILE",
            description =
                    "The cloud-config of a new cluster's machines; examples/user-data.yml if not said")
    private @Nullable Path userData;

    @Option(
            names = "--strict",
            description = "Refuse a user-data of which the original would have complained")
    private boolean strict;

    public Up(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws InterruptedException {
        MachineCluster cluster = provider == null ? ThisHost.cluster() : ThisHost.cluster(provider);
        OptionalInt size = machines == null ? OptionalInt.empty() : OptionalInt.of(machines);
        AtomicBoolean over = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> sayWhatStays(over), "interrupted"));
        if (cluster instanceof LocalCluster) {
            warnIfRoot();
        } else {
            // The store is asked in here.
            Logging.start("warn", Logging.Format.TEXT);
        }
        try {
            warnIfOther(cluster);
            cluster.up(size, this::checked);
        } finally {
            over.set(true);
        }
        // A user-data may start no fleet.
        return cluster.startsFleet()
                ? commands.run("list-machines")
                : commands.run("machine", "ls");
    }

    /** Ctrl-C ends the waiting, not the machines. */
    private static void sayWhatStays(AtomicBoolean over) {
        if (!over.get()) {
            System.err.println(
                    "flotilla: interrupted; machines that were started go on booting: ./flotilla up"
                            + " waits for them again, ./flotilla down stops them");
        }
    }

    private String checked() {
        Path file = file();
        UserData read = read(file);
        // All local machines have the same ones: an IPv4 address.
        Variables variables = Variables.of(Metadata.of("", "", "127.0.0.1"));
        List<Problem> complaints =
                strict ? CloudConfig.read(read, variables, Mode.STRICT).problems() : List.of();
        CloudConfig.Reading reading = CloudConfig.read(read, variables, Mode.LENIENT);
        (complaints.isEmpty() ? reading.problems() : complaints)
                .forEach(problem -> System.err.println(file + ":" + problem));
        variables.empty(read.text()).forEach(problem -> System.err.println(file + ":" + problem));
        if (reading.hasErrors() || !complaints.isEmpty()) {
            throw new CommandFailure(
                    file
                            + " is refused for what is said above"
                            + (!complaints.isEmpty()
                                    ? "; without --strict what was plainly meant is accepted"
                                    : ""));
        }
        return read.text();
    }

    private static void warnIfRoot() {
        if ("root".equals(System.getProperty("user.name"))) {
            System.err.println(
                    "warning: units run as whoever runs up, which is root: use an account of your own");
        }
    }

    /** A cluster keeps the user-data that it was made with. */
    private void warnIfOther(MachineCluster cluster) {
        Optional<ClusterUserData> own = cluster.userData();
        if (own.isPresent() && userData != null && !own.get().isLike(read(userData).text())) {
            System.err.println(
                    "warning: "
                            + userData
                            + " is not what this cluster was made with, and is not looked at: a new"
                            + " cluster needs ./flotilla down --purge first");
        }
    }

    private Path file() {
        return Optional.ofNullable(userData)
                .orElseGet(() -> asTyped(ThisHost.share().resolve("examples/user-data.yml")));
    }

    /** As somebody in this directory would type it: what is told of the file begins with it. */
    private static Path asTyped(Path file) {
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    private static UserData read(Path file) {
        try {
            return UserData.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure("there is no user-data " + file);
        } catch (IOException e) {
            throw new CommandFailure("can't read the user-data " + file + ": " + e.getMessage());
        }
    }
}
