package flotilla.cli.trust;

import flotilla.cli.fleetctl.EndpointFinder;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** The commands of {@code flotilla machine} that are about certificates. */
public final class MachineTrust {
    private MachineTrust() {}

    /**
     * @param machine the command with all others below it
     */
    public static CommandSpec below(Object machine, EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(machine);
        spec.addSubcommand("certificates", new CommandLine(new MachineCertificates(finder)));
        spec.addSubcommand("revoke", new CommandLine(new MachineRevoke(finder)));
        return spec;
    }
}
