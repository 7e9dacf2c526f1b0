package flotilla.cli.command;

/**
 * A command was called with what it can't mean, which shows only once it runs: the command line
 * exits with 2.
 */
public final class UsageFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageFailure(String message) {
        super(message);
    }
}
