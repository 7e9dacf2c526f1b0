package flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a manual page, or writes all of them where man(1) finds them. */
@Command(
        name = "man",
        description = Man.SUMMARY,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla man machine kill | man -l -",
            "  flotilla man --to ~/.local/share/man/man1",
            "  man flotilla-up"
        })
final class Man implements Callable<Integer> {
    static final String SUMMARY =
            "Print the manual page of a command, or write all pages to a directory.";

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Whose page; flotilla's own")
    private List<String> command = List.of();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Write the pages of all commands there, made if it is missing")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException {
        if (directory != null) {
            write(ManPage.ofAll(CommandTree.whole()), directory);
            return 0;
        }
        System.out.print(ManPage.of(CommandTree.command(command).getCommandSpec()));
        return 0;
    }

    private static void write(Map<String, String> pages, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(directory.resolve(page.getKey() + ".1"), page.getValue());
        }
    }
}
