package flotilla.cli.fleetctl;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What is said of the commands of a rollout together. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            Rollout.SUMMARY,
            "A template stands for its instances, a global unit for its machines. The next one gets",
            "the text once those before it were healthy for a while: as their [X-Fleet] section says",
            "by ExecHealth=, HTTPHealth= or TCPHealth=, or else when they are up. When one fails, all",
            "go back."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla rollout start api@.service",
            "  flotilla rollout start --parallelism 2 --min-healthy 30s api@.service",
            "  flotilla rollout status api@.service",
            "  flotilla rollout undo api@.service"
        })
final class Rollout {
    static final String SUMMARY = "Give a new text to units one after another, or take it back.";

    private Rollout() {}

    /** With the commands below it. */
    static CommandSpec spec(EndpointFinder finder) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new Rollout());
        spec.addSubcommand("start", new CommandLine(new RolloutStart(finder)));
        spec.addSubcommand("status", new CommandLine(new RolloutStatus(finder)));
        for (RolloutSteer.Verb verb : RolloutSteer.Verb.values()) {
            CommandLine line = new CommandLine(new RolloutSteer(verb, finder));
            line.getCommandSpec().usageMessage().description(verb.description());
            spec.addSubcommand(verb.word(), line);
        }
        return spec;
    }
}
