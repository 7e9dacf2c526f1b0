package flotilla.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root command, and the names under which the programs of old are called. */
@Command(
        name = "flotilla",
        description = "Any set of Linux machines becomes one computer.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla up                          three machines, the article's user-data",
            "  flotilla up --machines 5 --user-data my.yml",
            "  flotilla start examples/api@{1..6}.service",
            "  flotilla list-units",
            "  flotilla machine kill core-02        see its units move",
            "  flotilla down --purge                nothing stays",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class Flotilla implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(run(OriginalNames.translate(arguments)));
    }

    /** As if typed behind {@code flotilla}; returns the exit code. */
    public static int run(String... arguments) {
        return CommandTree.of(arguments).execute(arguments);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
