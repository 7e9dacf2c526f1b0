package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;
import flotilla.cli.command.UsageFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.job.JobState;
import flotilla.fleet.schedule.Requirements;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings units to a state and submits them first where the cluster does not know them: from the
 * file that was named, else from the template in the cluster, else from the template beside the
 * file.
 *
 * @param replace whether a unit that differs from its file gets the file's text
 */
record Submitter(FleetClient fleet, boolean replace) {
    /**
     * A unit that is on its way.
     *
     * @param asBefore nothing was changed: it was wanted so already
     */
    record Pending(String name, boolean global, boolean asBefore) {}

    /**
     * Brings each of several. One that can't be brought keeps no other back: the original ends
     * there, with those before it brought.
     *
     * @throws UsageFailure before anything is brought, when one is no unit's name
     */
    List<Pending> bring(List<String> typed, JobState state, Problems problems) {
        List<UnitArgument> arguments = typed.stream().map(UnitArgument::new).toList();
        arguments.forEach(UnitArgument::name);
        List<Pending> brought = new ArrayList<>();
        for (UnitArgument argument : arguments) {
            try {
                brought.add(bring(argument, state));
            } catch (CommandFailure e) {
                problems.add(String.valueOf(e.getMessage()));
            } catch (FleetException e) {
                if (!e.isRefusal()) {
                    throw e;
                }
                problems.add(argument.name().full() + ": " + e.getMessage());
            }
        }
        return brought;
    }

    private Pending bring(UnitArgument argument, JobState state) {
        UnitName name = argument.name();
        if (name.isTemplate() && state != JobState.INACTIVE) {
            throw new CommandFailure(
                    "%s is a template: submit it, and start an instance, such as %s"
                            .formatted(name.full(), name.instance("1").full()));
        }
        Optional<UnitBody> known = fleet.unit(name.full());
        if (known.isEmpty()) {
            UnitFile file = source(argument, name).checked(name);
            fleet.createUnit(name.full(), file, state);
            return pending(name, file, false);
        }
        UnitFile file = file(known.get());
        Optional<UnitSource> local = argument.file();
        if (local.isPresent() && differs(local.get().file(), file)) {
            if (replace) {
                replaceable(name, known.get(), state);
                UnitFile other = local.get().checked(name);
                fleet.createUnit(name.full(), other, state);
                return pending(name, other, false);
            }
            System.err.printf(
                    "Warning: Unit %s in registry differs from local unit file %s."
                            + " Add --replace to override.%n",
                    name.full(), argument.typed());
        } else if (local.isPresent() && (replace || state == JobState.INACTIVE)) {
            System.out.printf("Found same Unit(%s) in Registry, nothing to do%n", name.full());
        }
        // To submit what is known already says nothing about its state.
        boolean asBefore =
                state == JobState.INACTIVE || state.text().equals(known.get().desiredState());
        if (!asBefore) {
            fleet.setDesiredState(name.full(), state);
        }
        return pending(name, file, asBefore);
    }

    private static Pending pending(UnitName name, UnitFile file, boolean asBefore) {
        return new Pending(
                name.full(),
                Requirements.of(name.full(), file.text()).map(Requirements::global).orElse(false),
                asBefore);
    }

    private static boolean differs(UnitFile one, UnitFile other) {
        return !one.hash().equals(other.hash());
    }

    /** submit replaces what is inactive, load what is not launched, start everything. */
    private static void replaceable(UnitName name, UnitBody known, JobState state) {
        JobState now =
                JobState.of(Objects.requireNonNullElse(known.desiredState(), ""))
                        .orElse(JobState.INACTIVE);
        if (now.compareTo(state) > 0) {
            throw new CommandFailure(
                    "%s is wanted %s and can't be replaced as %s: use '%s --replace'"
                            .formatted(
                                    name.full(),
                                    now.text(),
                                    state.text(),
                                    now == JobState.LAUNCHED ? "start" : "load"));
        }
    }

    private UnitSource source(UnitArgument argument, UnitName name) {
        return argument.file()
                .or(() -> UnitSource.template(fleet, name))
                .or(argument::templateFile)
                .orElseThrow(() ->
                        new CommandFailure(
                                "unable to find Unit(%s) in registry or on filesystem"
                                        .formatted(name.full())));
    }

    static UnitFile file(UnitBody unit) {
        return UnitOption.file(Objects.requireNonNullElse(unit.options(), List.of()));
    }
}
