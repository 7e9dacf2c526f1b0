package flotilla.cli.fleetctl;

import flotilla.cli.command.UsageFailure;
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

    /**
     * @throws UsageFailure for less than none
     */
    int attempts() {
        return checked(attempts);
    }

    static int checked(int attempts) {
        if (attempts < 0) {
            throw new UsageFailure(
                    "--block-attempts " + attempts + ": want 0, which is for ever, or more");
        }
        return attempts;
    }
}
