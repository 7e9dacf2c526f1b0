package flotilla.cli.fleetctl;

import flotilla.cli.command.Output;
import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.DeedBody;
import flotilla.fleet.api.EventFilter;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.News;
import flotilla.fleet.api.Period;
import flotilla.fleet.api.StateBody;
import flotilla.platform.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = {
            Events.SUMMARY,
            "With --follow also what machines say of their units. Goes on where it was when the",
            "machine that is asked comes back, and says so when something was missed meanwhile."
        },
        footer = {
            "",
            "With -o json: a JSON object per line, as the API tells it; 'revision' is for --after.",
            "  flotilla events",
            "  flotilla events -f --unit api@1.service --unit api@2.service",
            "  flotilla events -f -o json --after 1234"
        })
final class Events implements Callable<Integer> {
    static final String SUMMARY = "Tell what was done last in the cluster, and what is done now.";

    /** What is followed: what was done, and how units fare. */
    private static final Set<String> KINDS = Set.of("history", "state");

    /** How long one wait is; it begins again. */
    private static final Duration WAIT = Duration.ofMinutes(1);

    @Mixin private final Connection connection;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what happens, as it happens")
    private boolean follow;

    @Option(names = "--unit", paramLabel = "UNIT", description = "Only of this unit; repeatable")
    private List<String> units = List.of();

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "Only on this machine (name, address or id); repeatable")
    private List<String> named = List.of();

    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "Last lines to begin with, 0 to 1000 (default: 20)")
    private int lines = 20;

    @Option(names = "--since", paramLabel = "TIME", description = "Leave out what was before")
    private @Nullable String since;

    @Option(
            names = "--after",
            paramLabel = "REVISION",
            description = "Follow from there on, with nothing of before")
    private @Nullable Long after;

    @Mixin private final Output output = new Output();

    Events(EndpointFinder finder) {
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (lines < 0 || lines > History.LINES_MAX) {
            throw new UsageFailure("--lines " + lines + ": want 0 to " + History.LINES_MAX);
        }
        if (after != null && !follow) {
            throw new UsageFailure("--after wants --follow");
        }
        Optional<Instant> from =
                Optional.ofNullable(since)
                        .map(typed ->
                                PointInTime.parse(
                                        "--since",
                                        typed,
                                        ZonedDateTime.now(ZoneId.systemDefault())));
        return connection.run(fleet -> tell(fleet, new Period(from, Optional.empty())));
    }

    private int tell(FleetClient fleet, Period period) throws InterruptedException {
        Machines machines = Machines.of(fleet);
        Set<String> ids = named.stream().map(machines::named).collect(Collectors.toSet());
        Set<String> names =
                units.stream()
                        .map(typed -> new UnitArgument(typed).name().full())
                        .collect(Collectors.toSet());
        EventFilter about = new EventFilter(Set.of(), names, ids);
        if (!follow) {
            past(fleet, about, period).forEach(deed -> print(deed, machines));
            return 0;
        }
        EventFilter followed = new EventFilter(KINDS, names, ids);
        try (News news = fleet.news(followed, after == null ? 0 : after)) {
            // First of all it is followed, so that nothing is missed between.
            List<News.Item> first = news.await(WAIT);
            Set<String> told = new HashSet<>();
            if (after == null) {
                for (DeedBody deed : past(fleet, about, period)) {
                    print(deed, machines);
                    told.add(Json.write(deed));
                }
            }
            new Follower(fleet, machines, told).tell(news, first);
        }
        return 0;
    }

    private List<DeedBody> past(FleetClient fleet, EventFilter about, Period period) {
        return lines == 0 ? List.of() : fleet.history(about, period, lines).lines();
    }

    private void print(DeedBody deed, Machines machines) {
        if (output.isJson()) {
            System.out.println(
                    Json.write(
                            Map.of("kind", "history", "name", DeedText.unit(deed), "value", deed)));
            return;
        }
        DeedText text = new DeedText(machines, false);
        print(
                deed.instant(),
                DeedText.unit(deed),
                List.of(deed.what(), text.machine(deed), text.why(deed)));
    }

    private static void print(Instant time, String unit, List<String> words) {
        System.out.println(
                "%s  %-24s %-12s %-10s %s"
                        .formatted(
                                DeedText.time(time),
                                unit.isEmpty() ? "-" : unit,
                                words.get(0),
                                words.get(1).isEmpty() ? "-" : words.get(1),
                                words.get(2))
                        .stripTrailing());
    }

    /** Tells what comes, until it is interrupted. */
    private final class Follower {
        private final FleetClient fleet;
        private final Set<String> told;
        private Machines machines;
        private boolean begun;

        /**
         * @param told lines of history that may come once more at the beginning
         */
        Follower(FleetClient fleet, Machines machines, Set<String> told) {
            this.fleet = fleet;
            this.machines = machines;
            this.told = told;
        }

        void tell(News news, List<News.Item> first) throws InterruptedException {
            List<News.Item> items = first;
            while (!Thread.currentThread().isInterrupted()) {
                items.forEach(this::tell);
                System.out.flush();
                items = news.await(WAIT);
            }
        }

        private void tell(News.Item item) {
            if (item.isReset()) {
                if (begun || after != null) {
                    System.err.println("What happened meanwhile is missing: see 'flotilla events'");
                }
            } else if (output.isJson()) {
                System.out.println(item.event().json());
            } else {
                item.deed().ifPresent(this::tell);
                item.state().ifPresent(this::tell);
            }
            begun = true;
        }

        private void tell(DeedBody deed) {
            if (told.remove(Json.write(deed))) {
                return;
            }
            if (deed.what().equals("joined")) {
                machines = Machines.of(fleet);
            }
            print(deed, machines);
        }

        private void tell(StateBody state) {
            String error = Objects.requireNonNullElse(state.systemdLoadError(), "");
            print(
                    Instant.now(),
                    String.valueOf(state.name()),
                    List.of(
                            String.valueOf(state.systemdActiveState()),
                            machines.label(String.valueOf(state.machineID())),
                            error.isEmpty() ? String.valueOf(state.systemdSubState()) : error));
        }
    }
}
