package flotilla.cli;

import flotilla.cli.cluster.ClusterStatus;
import flotilla.cli.cluster.Down;
import flotilla.cli.cluster.MachineCommand;
import flotilla.cli.cluster.Rehearse;
import flotilla.cli.cluster.ThisHost;
import flotilla.cli.cluster.Up;
import flotilla.cli.fleetctl.FleetctlCommands;
import flotilla.cli.service.Discovery;
import flotilla.cli.service.Etcd;
import flotilla.platform.log.Logging;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command, and the names under which the programs of old are called. */
@Command(
        name = "flotilla",
        description = "Any set of Linux machines becomes one computer.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            Up.class,
            Down.class,
            ClusterStatus.class,
            MachineCommand.class,
            CloudInit.class,
            Rehearse.class,
            Etcd.class,
            Discovery.class,
            Completion.class,
            Man.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla up                          three machines, the article's user-data",
            "  flotilla up --machines 5 --user-data my.yml",
            "  flotilla start examples/api@{1..6}.service",
            "  flotilla list-units",
            "  flotilla machine kill core-02        see its units move",
            "  flotilla down --purge                nothing stays",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class Flotilla implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        // Services set up their own log; of a command only what is wrong is for the terminal.
        Logging.start("warn", Logging.Format.TEXT);
        System.exit(commandLine().execute(OriginalNames.translate(arguments)));
    }

    /** The whole tree of commands, with our way of reporting failures. */
    static CommandLine commandLine() {
        CommandLine flotilla = new CommandLine(new Flotilla());
        CommandLine fleetctl = new CommandLine(new Fleetctl());
        fleetctlCommands().forEach(fleetctl::addSubcommand);
        // The original takes list-m for list-machines.
        fleetctl.setAbbreviatedSubcommandsAllowed(true);
        for (Object command : fleetctlCommands()) {
            CommandLine line = new CommandLine(command);
            // Our own status shows the cluster, and hands units over to fleetctl's.
            if (!flotilla.getSubcommands().containsKey(line.getCommandName())) {
                flotilla.addSubcommand(line);
            }
        }
        flotilla.addSubcommand(fleetctl);
        flotilla.setExecutionExceptionHandler(new Failures());
        flotilla.setParameterExceptionHandler(new WrongUsage());
        flotilla.setCaseInsensitiveEnumValuesAllowed(true);
        flotilla.setUsageHelpLongOptionsMaxWidth(32);
        flotilla.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.AUTO));
        return flotilla;
    }

    private static List<Object> fleetctlCommands() {
        return FleetctlCommands.all(ThisHost::endpoint, ThisHost::socketOf);
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
