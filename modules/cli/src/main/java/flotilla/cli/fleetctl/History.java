package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.Listing;
import flotilla.cli.command.UsageFailure;
import flotilla.cli.table.Table;
import flotilla.fleet.api.DeedBody;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.HistoryBody;
import flotilla.fleet.api.HistoryBody.MomentBody;
import flotilla.fleet.api.HistoryBody.StayBody;
import flotilla.fleet.api.Period;
import flotilla.platform.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        description = {
            History.SUMMARY,
            "Lines are kept for seven days, and the last 256 of each unit and machine."
        },
        footer = {
            "",
            "Fields: time, unit, what, machine, why, hash, generation",
            "With --at: exits with 1 when it is not known any more.",
            "  flotilla history api@1.service",
            "  flotilla history api@1.service --at 14:05",
            "  flotilla history --machine core-02 --since 2h",
            "  flotilla history --limit 20"
        })
final class History implements Callable<Integer> {
    static final String SUMMARY = "Tell what was done to a unit or machine, and who wanted it.";

    /** What is asked for at most: some megabytes. */
    static final int LINES_MAX = 10_000;

    @Mixin private final Connection connection;
    @Mixin private Listing listing = new Listing();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "Tell where it ran then: " + PointInTime.FORMS)
    private @Nullable String at;

    @Option(names = "--since", paramLabel = "TIME", description = "Leave out what was before")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Leave out what was after")
    private @Nullable String until;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "What happened on that machine, and to it (name, address or id)")
    private @Nullable String machine;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "1000",
            description = "Without a unit: only the last N lines (default: ${DEFAULT-VALUE})")
    private int limit;

    @Parameters(
            arity = "0..1",
            paramLabel = "UNIT",
            description = "Unit name, known or not; all units and machines without one")
    private @Nullable String unit;

    History(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (unit != null && machine != null) {
            throw new UsageFailure("say a unit, or --machine MACHINE, or none of them");
        }
        if (limit < 1 || limit > LINES_MAX) {
            throw new UsageFailure("--limit is from 1 to " + LINES_MAX);
        }
        if (at != null && unit == null) {
            throw new UsageFailure("--at wants a unit");
        }
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        Period period = new Period(time("--since", since, now), time("--until", until, now));
        Optional<Instant> then = time("--at", at, now);
        return connection.run(fleet -> tell(fleet, period, then));
    }

    private static Optional<Instant> time(String option, @Nullable String text, ZonedDateTime now) {
        return Optional.ofNullable(text).map(typed -> PointInTime.parse(option, typed, now));
    }

    private int tell(FleetClient fleet, Period period, Optional<Instant> then) {
        Machines machines = Machines.of(fleet);
        DeedText text = new DeedText(machines, listing.full());
        if (unit == null) {
            Set<String> ids = machine == null ? Set.of() : Set.of(machines.named(machine));
            EventFilter about = new EventFilter(Set.of(), Set.of(), ids);
            return print(text, fleet.history(about, period, limit).lines());
        }
        String name = new UnitArgument(unit).name().full();
        HistoryBody history =
                fleet.history(name, period, then)
                        .orElseThrow(
                                () -> new CommandFailure("Nothing is kept of unit " + name + "."));
        if (then.isEmpty()) {
            return print(text, history.lines());
        }
        return tellMoment(name, history, text);
    }

    private int print(DeedText text, List<DeedBody> lines) {
        Table<DeedBody> table =
                new Table<DeedBody>()
                        .field("time", deed -> DeedText.time(deed.instant()))
                        .field("unit", DeedText::unit)
                        .field("what", DeedBody::what)
                        .field("machine", text::machine)
                        .field("why", text::why)
                        .field("hash", deed -> hash(deed, listing.full()))
                        .field(
                                "generation",
                                deed -> deed.generation() == null ? "" : "" + deed.generation());
        List<String> columns =
                unit != null
                        ? List.of("time", "what", "machine", "why")
                        : List.of("time", "unit", "what", "machine", "why");
        return listing.print(table, columns, lines, lines);
    }

    private static String hash(DeedBody deed, boolean full) {
        return deed.hash() == null ? "" : ListUnits.hash(deed.hash(), full);
    }

    private int tellMoment(String name, HistoryBody history, DeedText text) {
        MomentBody moment = Objects.requireNonNull(history.moment());
        Instant then = Instant.parse(moment.time());
        Instant known = Instant.parse(String.valueOf(history.knownSince()));
        if (then.isBefore(known)) {
            throw new CommandFailure(
                    "%s at %s: that is not known any more; lines are kept since %s"
                            .formatted(name, DeedText.time(then), DeedText.time(known)));
        }
        if (listing.isJson()) {
            System.out.println(Json.write(moment));
            return 0;
        }
        System.out.println(
                "%s at %s: wanted %s"
                        .formatted(
                                name,
                                DeedText.time(then),
                                Objects.requireNonNullElse(moment.desiredState(), "nothing")));
        moment.machines().forEach(stay -> System.out.println("  " + words(stay, text)));
        if (moment.machines().isEmpty()) {
            System.out.println("  on no machine");
        }
        return 0;
    }

    private static String words(StayBody stay, DeedText text) {
        String since =
                stay.since() == null
                        ? ", since before what is kept"
                        : ", since %s (%s)"
                                .formatted(
                                        DeedText.time(Instant.parse(stay.since())), stay.reason());
        return "on "
                + text.label(stay.machineID())
                + since
                + (stay.leaving() ? ", told to give it up" : "");
    }
}
