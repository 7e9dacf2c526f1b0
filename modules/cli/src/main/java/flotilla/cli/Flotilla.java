package flotilla.cli;

import flotilla.cli.start.HelpPages;
import java.util.Arrays;
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
        int exit = run(OriginalNames.translate(arguments));
        // To exit is to look through all jars for a logger that might want to know of it.
        if (exit != 0 || leavesThreads()) {
            System.exit(exit);
        }
    }

    /** Whether the process would go on without its main thread. */
    private static boolean leavesThreads() {
        Thread[] threads = new Thread[Thread.activeCount() + 1];
        int count = Thread.enumerate(threads);
        return Arrays.stream(threads, 0, count)
                .anyMatch(thread -> thread != Thread.currentThread() && !thread.isDaemon());
    }

    /** As if typed behind {@code flotilla}; returns the exit code. */
    public static int run(String... arguments) {
        return HelpPages.print(System.out, arguments)
                ? 0
                : CommandTree.of(arguments).execute(arguments);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
