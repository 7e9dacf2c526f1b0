package flotilla.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's manual page, section 1, in man(7)'s macros, made from what its --help says. */
final class ManPage {
    private final CommandSpec command;
    private final StringBuilder page = new StringBuilder();

    private ManPage(CommandSpec command) {
        this.command = command;
    }

    /** The pages of a command and of all below it, by name, such as {@code flotilla-machine-ls}. */
    static Map<String, String> ofAll(CommandLine top) {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put(name(top.getCommandSpec()), of(top.getCommandSpec()));
        below(top.getCommandSpec()).forEach(child -> pages.putAll(ofAll(child.commandLine())));
        return pages;
    }

    static String of(CommandSpec command) {
        return new ManPage(command).write();
    }

    private static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /** Without hidden commands; one with two names comes once. */
    private static List<CommandSpec> below(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(child -> !child.usageMessage().hidden())
                .distinct()
                .toList();
    }

    private String write() {
        page.append(".TH %s 1\n.ad l\n".formatted(text(name(command)).toUpperCase(Locale.ROOT)));
        section("NAME", List.of(name(command) + " - " + summary(command)));
        section("SYNOPSIS", List.of(synopsis()));
        section("DESCRIPTION", lines(command.usageMessage().description()));
        list("ARGUMENTS", command.positionalParameters(), PositionalParamSpec::paramLabel);
        list("OPTIONS", command.options(), ManPage::names);
        List<CommandSpec> below = below(command);
        if (!below.isEmpty()) {
            page.append(".SH COMMANDS\n");
            below.forEach(child -> item(child.name(), List.of(summary(child))));
        }
        verbatim(lines(command.usageMessage().footer()));
        seeAlso(below);
        return page.toString();
    }

    private static String summary(CommandSpec command) {
        String words = String.join(" ", lines(command.usageMessage().description()));
        int end = words.indexOf(". ");
        String first = end < 0 ? words : words.substring(0, end);
        return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
    }

    private String synopsis() {
        Help.ColorScheme plain = Help.defaultColorScheme(Help.Ansi.OFF);
        return new Help(command, plain).synopsis(0).strip().replaceAll("\\s+", " ");
    }

    private static String names(OptionSpec option) {
        String names = String.join(", ", option.names());
        String value = option.paramLabel();
        return option.arity().max() == 0 || value.isEmpty() ? names : names + "=" + value;
    }

    private void section(String title, List<String> paragraph) {
        page.append(".SH ").append(title).append('\n');
        paragraph.forEach(line -> page.append(text(line)).append('\n'));
    }

    private <T extends ArgSpec> void list(
            String title, List<T> arguments, Function<T, String> label) {
        List<T> shown = arguments.stream().filter(argument -> !argument.hidden()).toList();
        if (!shown.isEmpty()) {
            page.append(".SH ").append(title).append('\n');
            shown.forEach(argument -> item(label.apply(argument), lines(argument.description())));
        }
    }

    private void item(String label, List<String> words) {
        page.append(".TP\n.B ").append(text(label)).append('\n');
        page.append(text(String.join(" ", words))).append('\n');
    }

    /** What follows the options in --help: examples, mostly, whose lines must stay lines. */
    private void verbatim(List<String> lines) {
        List<String> footer = new ArrayList<>(lines);
        while (!footer.isEmpty() && footer.getFirst().isBlank()) {
            footer.removeFirst();
        }
        if (!footer.isEmpty()) {
            boolean examples = footer.getFirst().startsWith("  ");
            page.append(examples ? ".SH EXAMPLES\n.nf\n" : ".SH NOTES\n.nf\n");
            footer.forEach(line -> page.append(text(line)).append('\n'));
            page.append(".fi\n");
        }
    }

    private void seeAlso(List<CommandSpec> below) {
        List<String> others = new ArrayList<>();
        if (command.parent() != null) {
            others.add(name(command.parent()) + "(1)");
        }
        below.forEach(child -> others.add(name(child) + "(1)"));
        if (!others.isEmpty()) {
            section("SEE ALSO", List.of(String.join(", ", others)));
        }
    }

    private static List<String> lines(String[] words) {
        return Arrays.stream(words).flatMap(line -> line.formatted().lines()).toList();
    }

    /** roff reads a backslash anywhere, and a dot or an apostrophe at the start of a line. */
    private static String text(String line) {
        String safe = line.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
