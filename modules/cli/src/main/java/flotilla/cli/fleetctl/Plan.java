package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Output;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.table.Table;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.PlanBody;
import flotilla.fleet.api.PlanBody.EffectBody;
import flotilla.fleet.api.PlanBody.MachineRef;
import flotilla.fleet.api.PlanBody.RivalBody;
import flotilla.fleet.api.PlanBody.WaitingBody;
import flotilla.fleet.api.PlanRequest;
import flotilla.fleet.api.ScoreBody;
import flotilla.fleet.api.StatusBody.RefusalBody;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.job.JobState;
import flotilla.platform.json.Json;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = {
            Plan.SUMMARY,
            "What is under way anyway is brought to its end first. Nothing is changed."
        },
        footer = {
            "",
            "With --exit-code: 0 when nothing would change, 3 when something would.",
            "  flotilla plan --lose core-02",
            "  flotilla plan --start api@4.service --start api@5.service",
            "  flotilla plan --drain core-01 -o json"
        })
final class Plan implements Callable<Integer> {
    static final String SUMMARY = "Say what would follow from something, and why.";

    private static final int CHANGES = 3;

    /** Machines that are named one by one for each unit that waits. */
    private static final int REFUSALS_SHOWN = 10;

    @Mixin private final Connection connection;

    @Option(
            names = "--lose",
            paramLabel = "MACHINE",
            description = "The machine dies (name, address or id)")
    private List<String> lose = List.of();

    @Option(names = "--drain", paramLabel = "MACHINE", description = "The machine is drained")
    private List<String> drain = List.of();

    @Option(names = "--cordon", paramLabel = "MACHINE", description = "The machine is cordoned")
    private List<String> cordon = List.of();

    @Option(
            names = "--uncordon",
            paramLabel = "MACHINE",
            description = "The machine may have units again")
    private List<String> uncordon = List.of();

    @Option(
            names = "--start",
            paramLabel = "UNIT",
            description = "The unit is started; where a file of that name is here, with its text")
    private List<String> start = List.of();

    @Option(names = "--load", paramLabel = "UNIT", description = "The unit is loaded")
    private List<String> load = List.of();

    @Option(names = "--unload", paramLabel = "UNIT", description = "The unit is unloaded")
    private List<String> unload = List.of();

    @Option(names = "--destroy", paramLabel = "UNIT", description = "The unit is destroyed")
    private List<String> destroy = List.of();

    @Option(names = "--exit-code", description = "Say by the exit code whether anything changes")
    private boolean exitCode;

    @Option(names = "--decisions", description = "Show each of the engine's decisions, in order")
    private boolean decisions;

    @Mixin private final Output output = new Output();

    Plan(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean nothing =
                Stream.of(lose, drain, cordon, uncordon, start, load, unload, destroy)
                        .allMatch(List::isEmpty);
        if (nothing) {
            throw new UsageFailure(
                    "say what is done or happens, such as --lose MACHINE or --start UNIT");
        }
        PlanBody plan = connection.run(fleet -> fleet.plan(request(fleet)));
        if (output.isJson()) {
            System.out.println(Json.write(plan));
        } else {
            print(plan);
        }
        if (!plan.settled()) {
            throw new CommandFailure("so much follows that the end was not looked for");
        }
        return exitCode && !plan.effects().isEmpty() ? CHANGES : 0;
    }

    private PlanRequest request(FleetClient fleet) {
        Machines machines = Machines.of(fleet);
        List<UnitBody> units = new ArrayList<>();
        start.forEach(typed -> units.add(unit(fleet, typed, JobState.LAUNCHED)));
        load.forEach(typed -> units.add(unit(fleet, typed, JobState.LOADED)));
        unload.forEach(typed -> units.add(unit(fleet, typed, JobState.INACTIVE)));
        return new PlanRequest(
                lose.stream().map(machines::named).toList(),
                drain.stream().map(machines::named).toList(),
                cordon.stream().map(machines::named).toList(),
                uncordon.stream().map(machines::named).toList(),
                destroy.stream().map(typed -> new UnitArgument(typed).name().full()).toList(),
                units);
    }

    /** With its text where the cluster doesn't know the unit, or the file here says another. */
    private static UnitBody unit(FleetClient fleet, String typed, JobState state) {
        UnitArgument argument = new UnitArgument(typed);
        UnitName name = argument.name();
        Optional<UnitSource> source = argument.file();
        if (source.isEmpty() && fleet.unit(name.full()).isEmpty()) {
            source =
                    UnitSource.template(fleet, name)
                            .or(argument::templateFile)
                            .or(() -> {
                                throw new CommandFailure(
                                        "unable to find Unit(%s) in registry or on filesystem"
                                                .formatted(name.full()));
                            });
        }
        Optional<UnitFile> file = source.map(found -> found.checked(name));
        return new UnitBody(
                name.full(), file.map(UnitOption::of).orElse(null), state.text(), null, null);
    }

    private void print(PlanBody plan) {
        if (plan.effects().isEmpty()) {
            System.out.println("Nothing would change.");
        } else {
            Table<EffectBody> table =
                    new Table<EffectBody>()
                            .field("unit", EffectBody::unit)
                            .field("what", EffectBody::verb)
                            .field("from", effect -> labels(effect.from()))
                            .field("to", effect -> labels(effect.to()))
                            .field("why", effect -> effect.reason() + decided(effect));
            System.out.print(
                    table.text(List.of("unit", "what", "from", "to", "why"), true, plan.effects()));
            System.out.println(sum(plan));
        }
        plan.waiting().forEach(Plan::print);
        if (decisions) {
            plan.decisions().forEach(System.out::println);
        }
        if (plan.underWay() > 0) {
            System.err.println(
                    "Note: %d other changes are under way; this is what follows after them"
                            .formatted(plan.underWay()));
        }
    }

    private static String labels(@Nullable List<MachineRef> machines) {
        return machines == null
                ? ""
                : machines.stream().map(MachineRef::machine).collect(Collectors.joining(","));
    }

    /**
     * What speaks for the machine against the next best, such as {@code : load 5% (core-03: 9%)}.
     */
    private static String decided(EffectBody effect) {
        RivalBody next = effect.next();
        if (next == null) {
            return "";
        }
        for (int i = 0; i < effect.scores().size() && i < next.scores().size(); i++) {
            ScoreBody score = effect.scores().get(i);
            ScoreBody other = next.scores().get(i);
            if (score.cost() != other.cost()) {
                return ": %s %s (%s: %s)"
                        .formatted(score.ranking(), score.text(), next.machine(), other.text());
            }
        }
        return ": as good as " + next.machine();
    }

    /** Such as {@code 2 move, 1 lose}. */
    private static String sum(PlanBody plan) {
        Map<String, Long> counts =
                plan.effects().stream()
                        .collect(
                                Collectors.groupingBy(
                                        EffectBody::verb, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    private static void print(WaitingBody waiting) {
        System.out.println(waiting.unit() + " waits: " + waiting.reason());
        List<RefusalBody> refusals = waiting.refusals();
        refusals.stream()
                .limit(REFUSALS_SHOWN)
                .forEach(refusal ->
                        System.out.println("  " + refusal.machine() + ": " + refusal.reason()));
        if (refusals.size() > REFUSALS_SHOWN) {
            System.out.println("  and " + (refusals.size() - REFUSALS_SHOWN) + " more machines");
        }
    }
}
