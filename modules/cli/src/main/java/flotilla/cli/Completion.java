package flotilla.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints the script that makes a shell complete our commands and options. */
@Command(
        name = "completion",
        description = Completion.SUMMARY,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "  source <(flotilla completion bash)",
            "  flotilla completion fish | source"
        })
final class Completion implements Callable<Integer> {
    static final String SUMMARY = "Print the completion script of a shell.";

    enum Shell {
        BASH,
        ZSH,
        FISH;

        /** As it is typed, which is also how it is completed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        CommandLine flotilla = CommandTree.whole();
        if (shell == Shell.FISH) {
            System.out.println(FishCompletion.of(flotilla));
            return 0;
        }
        // zsh runs bash's completion functions once told to.
        if (shell == Shell.ZSH) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("flotilla", flotilla));
        return 0;
    }
}
