package flotilla.cli.fleetctl;

import picocli.CommandLine.Option;

/** The options of commands that wait. */
final class Blocking {
    @Option(names = "--no-block", description = "Do not wait until it has happened")
    private boolean noBlock;

    @Option(
            names = "--block-attempts",
            paramLabel = "N",
            description = "Wait for at most N times two seconds; 0 is for ever")
    private int attempts;

    boolean waits() {
        return !noBlock;
    }

    int attempts() {
        return attempts;
    }
}
