package flotilla.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla help up} for {@code flotilla up --help}. */
@Command(
        name = "help",
        description = Help.SUMMARY,
        mixinStandardHelpOptions = true,
        footer = {"", "  flotilla help machine kill"})
final class Help implements Callable<Integer> {
    static final String SUMMARY = "Say what a command does and what it takes.";

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Which; else all are listed")
    private List<String> command = List.of();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandSpec above = spec.parent();
        List<String> words = new ArrayList<>(Arrays.asList(above.qualifiedName().split(" ", -1)));
        words.removeFirst();
        words.addAll(command);
        CommandTree.command(words).usage(spec.commandLine().getOut());
        return 0;
    }
}
