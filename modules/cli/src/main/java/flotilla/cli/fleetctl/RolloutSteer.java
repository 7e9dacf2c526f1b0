package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.RolloutBody;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(mixinStandardHelpOptions = true)
final class RolloutSteer implements Callable<Integer> {
    enum Verb {
        PAUSE("Give out no further new texts until it is resumed."),
        RESUME("Go on with a rollout that was paused, or has failed."),
        UNDO("Give units their old texts back, also of a rollout that is done.");

        private final String description;

        Verb(String description) {
            this.description = description;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        String description() {
            return description;
        }
    }

    private final Verb verb;
    @Mixin private final Connection connection;

    @Option(names = "--no-block", description = "Do not wait until all are back (undo)")
    private boolean noBlock;

    @Parameters(paramLabel = "NAME", description = "A template, or a single unit")
    private String name = "";

    RolloutSteer(Verb verb, EndpointFinder finder) {
        this.verb = verb;
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::steer);
    }

    private int steer(FleetClient fleet) throws InterruptedException {
        String set = new UnitArgument(name).name().full();
        RolloutBody now =
                fleet.steerRollout(set, verb.word())
                        .orElseThrow(() -> new CommandFailure("there is no rollout of " + set));
        if (verb != Verb.UNDO || noBlock) {
            System.out.println(RolloutWatch.sentence(now));
            return 0;
        }
        RolloutBody end = new RolloutWatch(fleet, System.out).await(now);
        if (!end.phase().equals("undone")) {
            throw new CommandFailure(RolloutWatch.sentence(end));
        }
        return 0;
    }
}
