package flotilla.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The same for fish(1), which takes a line per command and per option, each with its words. */
final class FishCompletion {
    /** The commands on the line so far, without options, are what the two functions compare. */
    private static final String FUNCTIONS =
            """
            function __flotilla_commands
                for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; or echo $word
                end
            end
            function __flotilla_at
                test (string join ' ' -- (__flotilla_commands)) = "$argv"
            end
            function __flotilla_below
                string match -q -- "$argv *" (string join ' ' -- (__flotilla_commands) '')
            end
            """;

    private final List<String> lines = new ArrayList<>();

    private FishCompletion() {}

    static String of(CommandLine top) {
        FishCompletion fish = new FishCompletion();
        fish.add(top.getCommandSpec(), "");
        return FUNCTIONS + String.join("\n", fish.lines);
    }

    private void add(CommandSpec command, String path) {
        String at = "__flotilla_at " + path;
        for (CommandLine line : command.subcommands().values()) {
            CommandSpec below = line.getCommandSpec();
            if (!below.usageMessage().hidden()) {
                lines.add(
                        "complete -c flotilla -f -n %s -a %s -d %s"
                                .formatted(
                                        quoted(at.strip()),
                                        below.name(),
                                        quoted(first(below.usageMessage().description()))));
                add(below, (path + " " + below.name()).strip());
            }
        }
        String where = path.isEmpty() ? at.strip() : "__flotilla_below " + path;
        command.options().stream()
                .filter(option -> !option.hidden())
                .forEach(option -> lines.add(option(option, where)));
    }

    private static String option(OptionSpec option, String where) {
        StringBuilder line = new StringBuilder("complete -c flotilla -n " + quoted(where));
        for (String name : option.names()) {
            line.append(name.startsWith("--") ? " -l " : " -s ");
            line.append(name.replaceFirst("^-+", ""));
        }
        if (option.arity().max() > 0) {
            boolean file = List.of("FILE", "DIR").contains(option.paramLabel());
            line.append(file ? " -r -F" : " -x");
        }
        return line.append(" -d ").append(quoted(first(option.description()))).toString();
    }

    private static String first(String[] words) {
        return Arrays.stream(words).map(line -> line.formatted()).findFirst().orElse("");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
