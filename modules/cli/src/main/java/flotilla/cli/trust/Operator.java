package flotilla.cli.trust;

import flotilla.cli.fleetctl.EndpointFinder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What is said of the commands of operators together. */
@Command(
        name = "operator",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = Operator.SUMMARY,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla operator create alice --role operate",
            "  flotilla operator create ci --role read --ttl 1h --to ci-certificate"
        })
public final class Operator {
    public static final String SUMMARY = "Let people use the cluster from elsewhere.";

    private Operator() {}

    /** With the commands below it. */
    public static CommandSpec spec(EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new Operator());
        spec.addSubcommand("create", new CommandLine(new OperatorCreate(finder)));
        return spec;
    }
}
