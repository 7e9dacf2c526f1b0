package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Output;
import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.RolloutBody;
import flotilla.fleet.api.RolloutRequest;
import flotilla.fleet.api.UnitOption;
import flotilla.platform.json.Json;
import flotilla.units.TimeSpan;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            RolloutStart.SUMMARY,
            "It goes on also when nobody waits for it. Where no file of that name is here, the text",
            "is the one that the cluster has of the template."
        },
        footer = {
            "",
            "Exits with 1 when units went back to their old texts, or the rollout failed.",
            "  flotilla rollout start api@.service",
            "  flotilla rollout start --no-undo --deadline 10m db.service"
        })
final class RolloutStart implements Callable<Integer> {
    static final String SUMMARY = "Give a unit file's text to its units, one after another.";

    @Mixin private final Connection connection;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "At most N are not healthy at once (default: 1)")
    private @Nullable Integer parallelism;

    @Option(
            names = "--min-healthy",
            paramLabel = "TIME",
            description = "How long one must be healthy until the next one's turn (default: 10s)")
    private @Nullable String minHealthy;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "How long one may take until then (default: 5m)")
    private @Nullable String deadline;

    @Option(names = "--no-undo", description = "When one fails, stop there and take nothing back")
    private boolean noUndo;

    @Option(names = "--replace", description = "Also while another rollout of it goes on")
    private boolean replace;

    @Option(names = "--no-block", description = "Do not wait until it has come to its end")
    private boolean noBlock;

    @Mixin private final Output output = new Output();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Templates, or single units")
    private List<String> files = List.of();

    RolloutStart(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(this::start);
    }

    private int start(FleetClient fleet) throws InterruptedException {
        List<RolloutRequest> requests = files.stream().map(file -> request(fleet, file)).toList();
        PrintStream progress = output.isJson() ? System.err : System.out;
        List<RolloutBody> begun = new ArrayList<>();
        for (RolloutRequest request : requests) {
            RolloutBody body = fleet.rollOut(request);
            progress.println("Rollout of " + body.name() + " begins");
            begun.add(body);
        }
        List<RolloutBody> ends = begun;
        if (!noBlock) {
            ends = new ArrayList<>();
            for (RolloutBody body : begun) {
                ends.add(new RolloutWatch(fleet, progress).await(body));
            }
        }
        if (output.isJson()) {
            System.out.println(Json.write(ends));
        }
        requireGood(ends);
        return 0;
    }

    private RolloutRequest request(FleetClient fleet, String typed) {
        UnitArgument argument = new UnitArgument(typed);
        UnitName name = argument.name();
        UnitFile text =
                argument.file()
                        .map(source -> source.checked(name))
                        .or(() -> fleet.unit(name.full()).map(Submitter::file))
                        .orElseThrow(() ->
                                new CommandFailure(
                                        "unable to find Unit(%s) in registry or on filesystem"
                                                .formatted(name.full())));
        return new RolloutRequest(
                name.full(),
                UnitOption.of(text),
                parallelism,
                millis("--min-healthy", minHealthy),
                millis("--deadline", deadline),
                !noUndo,
                replace);
    }

    private static @Nullable Long millis(String option, @Nullable String time) {
        if (time == null) {
            return null;
        }
        return TimeSpan.parse(time)
                .orElseThrow(() ->
                        new UsageFailure(
                                "%s %s: want a time such as 30s or 5m".formatted(option, time)))
                .toMillis();
    }

    private static void requireGood(List<RolloutBody> ends) {
        List<String> bad =
                ends.stream()
                        .filter(end -> !List.of("done", "running").contains(end.phase()))
                        .map(end -> RolloutWatch.sentence(end))
                        .toList();
        if (!bad.isEmpty()) {
            throw new CommandFailure(String.join("\n", bad));
        }
    }
}
