package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.job.JobState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The verbs that take a unit a step back, each further than the one before: stop leaves it on its
 * machine, unload in the cluster's memory, destroy nowhere.
 */
@Command(mixinStandardHelpOptions = true)
final class Ending implements Callable<Integer> {
    static final String STOP = "Stop units and leave them on their machines.";
    static final String UNLOAD =
            "Stop units and take them off their machines; the cluster still knows them.";
    static final String DESTROY = "Stop units and make the cluster forget them.";

    enum Verb {
        STOP("stop", "stopped"),
        UNLOAD("unload", "unloaded"),
        DESTROY("destroy", "destroyed");

        private final String word;
        private final String past;

        Verb(String word, String past) {
            this.word = word;
            this.past = past;
        }
    }

    private final Verb verb;
    @Mixin private final Connection connection;
    @Mixin private Blocking blocking = new Blocking();

    @Parameters(
            paramLabel = "UNIT",
            arity = "1..*",
            description = "Unit names, or globs as 'api@*'")
    private List<String> units = List.of();

    Ending(Verb verb, EndpointFinder finder) {
        this.verb = verb;
        this.connection = new Connection(finder);
    }

    @Override
    public Integer call() throws InterruptedException {
        return connection.run(fleet -> {
            if (verb == Verb.DESTROY) {
                destroy(fleet);
            } else {
                stepBack(fleet);
            }
            return 0;
        });
    }

    private void destroy(FleetClient fleet) throws InterruptedException {
        Set<String> destroyed = new TreeSet<>();
        for (String unit : new KnownUnits(fleet).named(units, KnownUnits::any)) {
            String name = new UnitArgument(unit).name().full();
            if (fleet.destroy(name)) {
                destroyed.add(name);
            } else {
                System.err.println("Unit " + name + " does not exist.");
            }
        }
        if (blocking.waits()) {
            new Waiter(fleet, blocking.attempts()).awaitGone(destroyed);
        }
        destroyed.forEach(name -> System.out.println("Destroyed " + name));
    }

    private void stepBack(FleetClient fleet) throws InterruptedException {
        Set<String> told = tell(fleet);
        Waiter waiter = new Waiter(fleet, blocking.attempts());
        // Off its machine, or told to stop, is not stopped yet.
        if (verb == Verb.UNLOAD) {
            waiter.await(told, JobState.INACTIVE);
            waiter.awaitGone(told);
        } else {
            waiter.await(told, JobState.LOADED);
            waiter.awaitStopped(told);
        }
        if (!told.isEmpty()) {
            System.err.printf("Successfully %s units [%s].%n", verb.past, String.join(" ", told));
        }
    }

    /** Returns the units to wait for. */
    private Set<String> tell(FleetClient fleet) {
        KnownUnits known = new KnownUnits(fleet);
        Set<UnitBody> bodies = new LinkedHashSet<>();
        // As the original passes over them: who takes away what is gone already has what he wants.
        known.named(units, KnownUnits::active)
                .forEach(unit -> known.find(unit).ifPresent(bodies::add));
        bodies.forEach(this::check);
        Set<String> told = new TreeSet<>();
        for (UnitBody unit : bodies) {
            String name = String.valueOf(unit.name());
            fleet.setDesiredState(name, verb == Verb.UNLOAD ? JobState.INACTIVE : JobState.LOADED);
            if (unit.currentState() == null) {
                System.out.println("Triggered global unit " + name + " " + verb.word);
            } else if (blocking.waits()) {
                told.add(name);
            } else {
                System.out.println("Triggered unit " + name + " " + verb.word);
            }
        }
        return told;
    }

    /** All are looked at before the first is told anything. */
    private void check(UnitBody unit) {
        if (verb == Verb.STOP && "inactive".equals(unit.currentState())) {
            throw new CommandFailure(
                    "Unable to stop unit %s in state inactive".formatted(unit.name()));
        }
    }
}
