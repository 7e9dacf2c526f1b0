package flotilla.cli.fleetctl;

import picocli.CommandLine.Option;

/** What the original needs to look at units by ssh. Here fleet is asked, and they mean nothing. */
final class FormerOptions {
    @Option(names = "--ssh-port", paramLabel = "PORT", hidden = true, description = "Not needed")
    int port;

    @Option(names = "--sudo", hidden = true, description = "Not needed")
    boolean sudo;
}
