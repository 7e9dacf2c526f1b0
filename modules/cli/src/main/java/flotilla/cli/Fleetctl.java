package flotilla.cli;

import flotilla.cli.fleetctl.FleetctlVersion;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    /** As the original takes it, before the command; the commands look for it here. */
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "fleet's API, for the command that follows")
    @Nullable String endpoint;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            description = "What that command shows at https://")
    @Nullable Path certificate;

    @Option(names = "--key-file", paramLabel = "FILE", description = "The key of that certificate")
    @Nullable Path key;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Whom that command believes there")
    @Nullable Path authority;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
