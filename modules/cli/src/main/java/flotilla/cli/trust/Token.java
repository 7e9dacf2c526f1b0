package flotilla.cli.trust;

import flotilla.cli.fleetctl.EndpointFinder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What is said of the commands of join tokens together. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            Token.SUMMARY,
            "A token says whom to trust and why to be trusted. It counts for an hour and for one",
            "machine, unless it is made otherwise; the cluster keeps no more of it than a hash."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla token create",
            "  flotilla token create --role machine --uses 20 --ttl 12h",
            "  flotilla token ls",
            "  flotilla token revoke abcdefgh"
        })
public final class Token {
    public static final String SUMMARY =
            "Make the tokens by which machines join, or take them back.";

    private Token() {}

    /** With the commands below it. */
    public static CommandSpec spec(EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new Token());
        spec.addSubcommand("create", new CommandLine(new TokenCreate(finder)));
        spec.addSubcommand("ls", new CommandLine(new TokenList(finder)));
        spec.addSubcommand("revoke", new CommandLine(new TokenRevoke(finder)));
        return spec;
    }
}
