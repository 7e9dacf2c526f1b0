package flotilla.cli;

import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that can't be read: what is wrong, what was perhaps meant, where help is. */
final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        PrintWriter err = e.getCommandLine().getErr();
        err.println("flotilla: " + words(e, command));
        err.println("See " + command.qualifiedName() + " --help");
        err.flush();
        return command.exitCodeOnInvalidInput();
    }

    private static String words(ParameterException e, CommandSpec command) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        String first = unmatched.getUnmatched().getFirst();
        if (unmatched.isUnknownOption()) {
            return "there is no option " + first + " here" + meant(option(first), options(command));
        }
        List<String> below = names(command);
        return below.isEmpty()
                ? String.valueOf(e.getMessage())
                : "there is no command " + first + meant(first, below);
    }

    /** {@code --machins=3}: the name alone. */
    private static String option(String typed) {
        int value = typed.indexOf('=');
        return value < 0 ? typed : typed.substring(0, value);
    }

    private static Collection<String> options(CommandSpec command) {
        return command.optionsMap().keySet();
    }

    private static List<String> names(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(below -> !below.usageMessage().hidden())
                .map(CommandSpec::name)
                .distinct()
                .toList();
    }

    private static String meant(String typed, Collection<String> names) {
        Optional<String> guess = Guess.of(typed, names);
        return guess.map(name -> ": did you mean " + name + "?").orElse("");
    }
}
