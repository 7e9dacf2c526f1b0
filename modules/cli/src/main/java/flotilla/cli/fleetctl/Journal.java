package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.JournalLineBody;
import flotilla.fleet.api.JournalLines;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "journal",
        mixinStandardHelpOptions = true,
        description = Journal.SUMMARY,
        footer = {"", "  flotilla journal -f --lines 50 api@1.service"})
final class Journal implements Callable<Integer> {
    static final String SUMMARY =
            "Print what a unit logged on the machine that has it, or on each if it is global.";

    /** How often it looks where a unit is that has left its machine. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** How long nobody has to answer before the cluster is taken for gone: some elections. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    /** What a machine gives at once. */
    private static final int LINES_MAX = 10_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    private final MachineRoutes routes;
    @Mixin private final Connection connection;

    @Option(names = "--lines", paramLabel = "N", description = "Last lines to begin with")
    private int lines = 10;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with new lines as they come, also when the unit moves")
    private boolean follow;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            converter = JournalForm.Named.class,
            description = JournalForm.WORDS + ", as journalctl has them")
    private JournalForm form = JournalForm.SHORT;

    @Option(
            names = "--machine",
            paramLabel = "MACHINE",
            description = "Of a global unit only what it logged there. " + Machines.HOW_NAMED)
    private @Nullable String machine;

    @Mixin final FormerOptions former = new FormerOptions();

    @Parameters(paramLabel = "UNIT", description = "Unit name")
    private String unit = "";

    Journal(EndpointFinder finder, MachineRoutes routes) {
        this.connection = new Connection(finder);
        this.routes = routes;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (lines < 0 || lines > LINES_MAX) {
            throw new ParameterException(
                    spec.commandLine(), "--lines " + lines + ": want 0 to " + LINES_MAX);
        }
        String name = new UnitArgument(unit).name().full();
        List<Whereabouts> places = whereabouts(name);
        Whereabouts first = places.getFirst();
        if (!follow && places.size() == 1) {
            read(first, lines);
        } else if (!follow) {
            return readAll(places);
        } else if (first.global()) {
            followAll(places);
        } else {
            followAlong(first);
        }
        return 0;
    }

    private List<Whereabouts> whereabouts(String name) throws InterruptedException {
        return connection.run(fleet -> {
            List<Whereabouts> all = Whereabouts.of(fleet, routes, name);
            if (machine != null) {
                String id = Machines.of(fleet).named(machine);
                all = all.stream().filter(place -> place.machine().equals(id)).toList();
            }
            if (all.isEmpty()) {
                throw new CommandFailure("Unit " + name + " is not on " + machine + ".");
            }
            if (follow && all.getFirst().socket().isEmpty()) {
                // Says what is the matter when that can't be asked, for later it may just be down.
                var _ = fleet.status(name, all.getFirst().machine());
            }
            return all;
        });
    }

    /** One that can't be asked keeps nobody from the others. */
    private int readAll(List<Whereabouts> places) throws InterruptedException {
        int code = 0;
        for (Whereabouts place : places) {
            try {
                read(place, lines);
            } catch (FleetException | CommandFailure e) {
                System.err.println("-- " + place.host() + ": " + e.getMessage());
                code = 1;
            }
        }
        return code;
    }

    /** Blocks for as long as it follows: until the unit or the machine is gone. */
    private void read(Whereabouts place, int last) throws InterruptedException {
        ZoneId zone = ZoneId.systemDefault();
        Consumer<JournalLineBody> printer =
                line -> System.out.println(form.text(place.host(), line, zone));
        if (place.socket().isEmpty()) {
            connection.run(fleet -> {
                Optional<String> there = Optional.of(place.machine());
                fleet.journal(place.unit(), new JournalLines(there, last, follow), printer);
                return 0;
            });
            return;
        }
        try (FleetClient there = FleetClient.to(place.socket().get())) {
            there.journal(place.unit(), new JournalLines(Optional.empty(), last, follow), printer);
        }
    }

    /** Where the unit goes, there we go. */
    private void followAlong(Whereabouts begin) throws InterruptedException {
        Whereabouts place = begin;
        int last = lines;
        while (true) {
            try {
                read(place, last);
            } catch (FleetException | CommandFailure e) {
                System.err.println("-- " + place.host() + " does not answer");
            }
            System.err.println("-- " + place.unit() + " has left " + place.host() + ", waiting");
            Whereabouts next = awaitNext(place);
            System.err.println("-- " + next.unit() + " is on " + next.host());
            last = next.machine().equals(place.machine()) ? 0 : lines;
            place = next;
        }
    }

    /** Where it is next; on the same machine only once that one answers again. */
    private Whereabouts awaitNext(Whereabouts left) throws InterruptedException {
        long answered = System.nanoTime();
        while (true) {
            try {
                requireKnown(left.unit());
                answered = System.nanoTime();
                Optional<Whereabouts> now = place(left.unit());
                if (now.isPresent() && connection.ask(fleet -> now.get().answers(fleet))) {
                    return now.get();
                }
            } catch (FleetException e) {
                if (System.nanoTime() - answered > SILENCE_MAX.toNanos()) {
                    throw new CommandFailure(e.getMessage() + ": is the cluster up?");
                }
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Ends the waiting for a unit that will not come back. */
    private void requireKnown(String name) throws InterruptedException {
        if (connection.ask(fleet -> fleet.unit(name)).isEmpty()) {
            throw new CommandFailure("Unit " + name + " was destroyed: nothing more will come");
        }
    }

    /** Empty while no machine has it, or only one that is lost. */
    private Optional<Whereabouts> place(String name) throws InterruptedException {
        try {
            return Optional.of(
                    connection.ask(fleet -> Whereabouts.of(fleet, routes, name)).getFirst());
        } catch (CommandFailure e) {
            return Optional.empty();
        }
    }

    private void followAll(List<Whereabouts> places) throws InterruptedException {
        List<Thread> readers =
                places.stream()
                        .map(place -> Thread.ofVirtual().start(() -> followOne(place)))
                        .toList();
        for (Thread reader : readers) {
            reader.join();
        }
    }

    private void followOne(Whereabouts place) {
        try {
            read(place, lines);
            System.err.println("-- " + place.unit() + " is no longer on " + place.host());
        } catch (FleetException | CommandFailure e) {
            System.err.println("-- " + place.host() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
