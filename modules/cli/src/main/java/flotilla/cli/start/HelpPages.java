package flotilla.cli.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The help of each command as it was printed at build time. A command that is asked for help would
 * otherwise spend five times as long on learning what it is as an empty program takes to run.
 */
public final class HelpPages {
    /** Where {@link CommandsJar} has them; absent where nobody made it. */
    static final String DIRECTORY = "flotilla/cli/start/help/";

    /** They tell defaults that the environment sets. */
    private static final Set<String> DAEMONS = Set.of("etcd", "fleetd", "discovery");

    private static final List<String> OPTIONS = List.of("--help", "-h");

    private HelpPages() {}

    /** Two files for each command that is listed: for terminals, and without colours. */
    static Map<String, String> of(CommandLine command) {
        Map<String, String> pages = new LinkedHashMap<>();
        CommandSpec spec = command.getCommandSpec();
        for (Ansi ansi : List.of(Ansi.OFF, Ansi.ON)) {
            String name = spec.qualifiedName("-");
            pages.put(file(name, ansi), command.getUsageMessage(ansi));
        }
        for (CommandLine below : command.getSubcommands().values()) {
            CommandSpec listed = below.getCommandSpec();
            if (!listed.usageMessage().hidden() && !DAEMONS.contains(listed.name())) {
                pages.putAll(of(below));
            }
        }
        return pages;
    }

    private static String file(String command, Ansi ansi) {
        return command + (ansi.enabled() ? ".ansi" : ".txt");
    }

    /** Prints the page that a command line asks for; false when it asks for none of these. */
    public static boolean print(PrintStream out, String... arguments) {
        List<String> words = new ArrayList<>(Arrays.asList(arguments));
        boolean option = !words.isEmpty() && OPTIONS.contains(words.getLast());
        boolean command = !option && !words.isEmpty() && words.getFirst().equals("help");
        if (option) {
            words.removeLast();
        } else if (command) {
            words.removeFirst();
        }
        boolean asked = option || command || words.isEmpty();
        return asked && words.stream().allMatch(HelpPages::isName) && printed(out, words);
    }

    /** Names have no dots or slashes, which would lead to other files. */
    private static boolean isName(String word) {
        return word.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '-')
                && !word.startsWith("-");
    }

    private static boolean printed(PrintStream out, List<String> words) {
        String name = words.isEmpty() ? "flotilla" : "flotilla-" + String.join("-", words);
        String file = DIRECTORY + file(name, Ansi.AUTO);
        try (InputStream page = HelpPages.class.getClassLoader().getResourceAsStream(file)) {
            if (page == null) {
                return false;
            }
            page.transferTo(out);
            out.flush();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }
}
