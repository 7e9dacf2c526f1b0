package flotilla.cli;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.client.members.MembersException;
import flotilla.fleet.api.FleetException;
import flotilla.provision.ProvisionException;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * How a command that failed is told: one line, {@code flotilla: what failed: what to do}. Only a
 * bug shows its stack.
 */
final class Failures implements IExecutionExceptionHandler {
    private static final int FAILED = 1;

    private static final int WRONG_USAGE = 2;

    /** What a shell reports for a command ended by Ctrl-C: 128 + SIGINT. */
    private static final int INTERRUPTED = 130;

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        return switch (e) {
            case UsageFailure _ -> {
                failed(String.valueOf(e.getMessage()));
                System.err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
                yield WRONG_USAGE;
            }
            case ProvisionException _, MembersException _, CommandFailure _, FleetException _ ->
                    failed(String.valueOf(e.getMessage()));
            case IOException _ -> failed(e.getClass().getSimpleName() + ": " + e.getMessage());
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                failed("interrupted");
                yield INTERRUPTED;
            }
            default -> {
                failed("a bug in " + command.getCommandName() + ", please report it:");
                e.printStackTrace(System.err);
                yield FAILED;
            }
        };
    }

    private static int failed(String words) {
        System.err.println("flotilla: " + words);
        return FAILED;
    }
}
