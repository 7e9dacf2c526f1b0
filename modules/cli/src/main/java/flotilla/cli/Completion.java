package flotilla.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the script that makes a shell complete our commands and options. */
@Command(
        name = "completion",
        description = "Print the completion script of a shell.",
        mixinStandardHelpOptions = true,
        footer = {"", "  source <(flotilla completion bash)"})
final class Completion implements Callable<Integer> {
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    private Shell shell = Shell.BASH;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        // zsh runs bash's completion functions once told to.
        if (shell == Shell.ZSH) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("flotilla", spec.root().commandLine()));
        return 0;
    }
}
