package flotilla.cli.command;

/**
 * A command can't do what it was asked: the message says what failed and what to do next. The
 * command line prints it behind {@code flotilla: } and exits with 1.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CommandFailure(String message) {
        super(message);
    }
}
