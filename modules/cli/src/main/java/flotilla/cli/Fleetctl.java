package flotilla.cli;

import flotilla.cli.fleetctl.ConnectionOptions;
import flotilla.cli.fleetctl.FleetctlVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code flotilla fleetctl}: the same commands as at the top level, under their old name. */
@Command(
        name = "fleetctl",
        description = Fleetctl.SUMMARY,
        mixinStandardHelpOptions = true,
        versionProvider = FleetctlVersion.class,
        synopsisSubcommandLabel = "COMMAND")
final class Fleetctl implements Runnable {
    static final String SUMMARY = "The cluster-wide init system's command line.";

    /** As the original takes them, before the command; the commands look for them here. */
    @Mixin final ConnectionOptions connection = new ConnectionOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
