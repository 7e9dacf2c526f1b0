package flotilla.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a manual page, or writes all of them where man(1) finds them. */
@Command(
        name = "man",
        description = "Print the manual page of a command, or write all pages to a directory.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla man machine kill | man -l -",
            "  flotilla man --to ~/.local/share/man/man1",
            "  man flotilla-up"
        })
final class Man implements Callable<Integer> {
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Whose page; flotilla's own")
    private List<String> command = List.of();

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Write the pages of all commands there, made if it is missing")
    private @Nullable Path directory;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Map<String, String> pages = ManPage.ofAll(spec.root().commandLine());
        if (directory != null) {
            write(pages, directory);
            return 0;
        }
        List<String> words = new ArrayList<>(command);
        words.addFirst("flotilla");
        String page = pages.get(String.join("-", words));
        if (page == null) {
            throw new CommandFailure(
                    "there is no command " + String.join(" ", words) + ": see flotilla --help");
        }
        System.out.print(page);
        return 0;
    }

    private static void write(Map<String, String> pages, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> page : pages.entrySet()) {
            Files.writeString(directory.resolve(page.getKey() + ".1"), page.getValue());
        }
    }
}
