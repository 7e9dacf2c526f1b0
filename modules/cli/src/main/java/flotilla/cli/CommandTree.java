package flotilla.cli;

import flotilla.cli.cluster.ClusterStatus;
import flotilla.cli.cluster.Down;
import flotilla.cli.cluster.Drill;
import flotilla.cli.cluster.MachineCommand;
import flotilla.cli.cluster.Rehearse;
import flotilla.cli.cluster.ThisHost;
import flotilla.cli.cluster.Up;
import flotilla.cli.command.CommandEntry;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.fleetctl.FleetctlCommands;
import flotilla.cli.image.Image;
import flotilla.cli.service.Discovery;
import flotilla.cli.service.Etcd;
import flotilla.cli.service.Fleetd;
import flotilla.cli.trust.Init;
import flotilla.cli.trust.Join;
import flotilla.cli.trust.MachineTrust;
import flotilla.cli.trust.Operator;
import flotilla.cli.trust.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine;

/** All commands. Of one command line only those that it names are read in full. */
final class CommandTree {
    private static final String FLEETCTL = "fleetctl";

    private static final CommandEntry.Maker MAKER = CommandTree::make;

    private static final FleetctlCommands FLEETCTL_COMMANDS =
            new FleetctlCommands(ThisHost::endpoint, ThisHost::socketOf);

    private CommandTree() {}

    /** With every command in full: for what tells about commands instead of running them. */
    static CommandLine whole() {
        return tree(entries(), _ -> true, _ -> true);
    }

    /**
     * One command in full.
     *
     * @param path its name, and before it those of the commands above it; flotilla's is left out
     * @throws UsageFailure when there is none
     */
    static CommandLine command(List<String> path) {
        CommandLine command = whole();
        for (String word : path) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                Set<String> names = command.getSubcommands().keySet();
                throw new UsageFailure(
                        "there is no command "
                                + String.join(" ", path)
                                + Guess.of(word, names)
                                        .map(name -> ": did you mean " + name + "?")
                                        .orElse(": see flotilla --help"));
            }
            command = below;
        }
        return command;
    }

    /** Enough of it to run these arguments, to list what there is, and to guess at what is not. */
    static CommandLine of(String... arguments) {
        List<String> words =
                Arrays.stream(arguments).filter(word -> !word.startsWith("-")).toList();
        // flotilla's own options take no values: its first other word is the command.
        String first = words.isEmpty() ? "" : words.getFirst();
        // fleetctl's --endpoint does: any later word may be.
        List<String> later = words.subList(Math.min(1, words.size()), words.size());
        Predicate<CommandEntry> asked = entry -> entry.name().equals(first);
        // Behind a command's name nothing is said of the others.
        boolean alone =
                arguments.length > 0
                        && arguments[0].equals(first)
                        && entries().stream().anyMatch(asked);
        return tree(
                alone ? entries().stream().filter(asked).toList() : entries(),
                asked,
                entry -> later.stream().anyMatch(entry::mayBe));
    }

    private static CommandLine tree(
            List<CommandEntry> entries,
            Predicate<CommandEntry> asked,
            Predicate<CommandEntry> askedOfFleetctl) {
        CommandLine flotilla = new CommandLine(new Flotilla());
        for (CommandEntry entry : entries) {
            boolean real = asked.test(entry);
            CommandLine line = real ? entry.real() : entry.mention();
            if (real && entry.name().equals(FLEETCTL)) {
                for (CommandEntry below : fleetctlEntries()) {
                    line.addSubcommand(
                            askedOfFleetctl.test(below) ? below.real() : below.mention());
                }
                // The original takes list-m for list-machines.
                line.setAbbreviatedSubcommandsAllowed(true);
            }
            flotilla.addSubcommand(line);
        }
        flotilla.setExpandAtFiles(false);
        flotilla.setExecutionExceptionHandler(new Failures());
        flotilla.setParameterExceptionHandler(new WrongUsage());
        flotilla.setCaseInsensitiveEnumValuesAllowed(true);
        flotilla.setUsageHelpLongOptionsMaxWidth(32);
        flotilla.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.AUTO));
        return flotilla;
    }

    private static List<CommandEntry> entries() {
        List<CommandEntry> entries = new ArrayList<>();
        add(entries, "up", Up.SUMMARY);
        add(entries, "down", Down.SUMMARY);
        add(entries, "status", ClusterStatus.SUMMARY);
        add(entries, "machine", MachineCommand.SUMMARY);
        for (CommandEntry entry : FLEETCTL_COMMANDS.all()) {
            // Our own status shows the cluster, and hands units over to fleetctl's.
            if (!entry.name().equals("status")) {
                entries.add(entry);
            }
        }
        entries.addAll(FLEETCTL_COMMANDS.ours());
        add(entries, "init", Init.SUMMARY);
        add(entries, "join", Join.SUMMARY);
        add(entries, "image", Image.SUMMARY);
        add(entries, "token", Token.SUMMARY);
        add(entries, "operator", Operator.SUMMARY);
        add(entries, "coreos-cloudinit", CloudInit.SUMMARY);
        add(entries, "etcd", Etcd.SUMMARY);
        add(entries, "fleetd", Fleetd.SUMMARY);
        add(entries, "discovery", Discovery.SUMMARY);
        add(entries, FLEETCTL, Fleetctl.SUMMARY);
        add(entries, "completion", Completion.SUMMARY);
        add(entries, "man", Man.SUMMARY);
        add(entries, "help", Help.SUMMARY);
        entries.add(new CommandEntry("rehearse", Rehearse.SUMMARY, true, MAKER));
        entries.add(new CommandEntry("drill", Drill.SUMMARY, true, MAKER));
        return entries;
    }

    private static List<CommandEntry> fleetctlEntries() {
        List<CommandEntry> entries = new ArrayList<>(FLEETCTL_COMMANDS.all());
        add(entries, "help", Help.SUMMARY);
        return entries;
    }

    private static void add(List<CommandEntry> entries, String name, String summary) {
        entries.add(new CommandEntry(name, summary, false, MAKER));
    }

    private static Object make(String name) {
        return switch (name) {
            case "up" -> new Up(Flotilla::run);
            case "down" -> new Down();
            case "status" -> new ClusterStatus(Flotilla::run);
            case "machine" ->
                    MachineTrust.below(new MachineCommand(Flotilla::run), ThisHost::endpoint);
            case "init" -> new Init();
            case "join" -> new Join();
            case "image" -> Image.spec(ThisHost::endpoint);
            case "token" -> Token.spec(ThisHost::endpoint);
            case "operator" -> Operator.spec(ThisHost::endpoint);
            case "coreos-cloudinit" -> new CloudInit();
            case "etcd" -> new Etcd();
            case "fleetd" -> new Fleetd();
            case "discovery" -> new Discovery();
            case FLEETCTL -> new Fleetctl();
            case "completion" -> new Completion();
            case "man" -> new Man();
            case "help" -> new Help();
            case "rehearse" -> new Rehearse(Flotilla::run, CommandTree::whole);
            case "drill" -> new Drill(Flotilla::run);
            default -> throw new IllegalArgumentException("no command is called " + name);
        };
    }
}
