package flotilla.cli.command;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * A command as the list of commands has it. The command itself is only made when it is asked for:
 * to read what a class says of its options takes longer than most commands do.
 *
 * @param summary its line in the list
 * @param hidden whether lists leave it out
 * @param maker makes it
 */
public record CommandEntry(String name, String summary, boolean hidden, Maker maker) {
    /** Makes a command of its name: a new object per call, for picocli keeps values in it. */
    @FunctionalInterface
    public interface Maker {
        Object make(String name);
    }

    /** With its options and arguments, to be run. */
    public CommandLine real() {
        CommandLine line = new CommandLine(maker.make(name));
        named(line.getCommandSpec());
        return line;
    }

    /** Its name and its line in the list, and nothing else. */
    public CommandLine mention() {
        return new CommandLine(named(CommandSpec.create()));
    }

    private CommandSpec named(CommandSpec spec) {
        spec.name(name);
        spec.usageMessage().hidden(hidden);
        if (spec.usageMessage().description().length == 0) {
            spec.usageMessage().description(summary);
        }
        return spec;
    }

    /** Whether the word is its name, or one of picocli's abbreviations of it: list-m, l-m. */
    public boolean mayBe(String word) {
        String[] parts = name.split("-", -1);
        String[] begun = word.split("-", -1);
        boolean may = !word.isEmpty() && begun.length <= parts.length;
        for (int i = 0; may && i < begun.length; i++) {
            may = parts[i].startsWith(begun[i]);
        }
        return may;
    }
}
