package flotilla.cli.fleetctl;

import flotilla.cli.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.UnitBody;
import flotilla.fleet.api.UnitOption;
import flotilla.fleet.job.JobState;
import flotilla.fleet.schedule.Requirements;
import flotilla.units.FleetOptions;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
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
    /** A unit that is on its way. */
    record Pending(String name, boolean global) {}

    Pending bring(UnitArgument argument, JobState state) {
        UnitName name = argument.name();
        Optional<UnitBody> known = fleet.unit(name.full());
        UnitFile file;
        if (known.isPresent()) {
            file = file(known.get());
            Optional<UnitFile> local = argument.file();
            if (local.isPresent() && differs(local.get(), file)) {
                if (replace) {
                    replaceable(name, known.get(), state);
                    fleet.createUnit(name.full(), local.get(), state);
                    return pending(name, local.get());
                }
                System.err.printf(
                        "Warning: Unit %s in registry differs from local unit file %s."
                                + " Add --replace to override.%n",
                        name.full(), argument.typed());
            } else if (replace && local.isPresent()) {
                System.out.printf("Found same Unit(%s) in Registry, nothing to do%n", name.full());
            }
            if (!state.text().equals(known.get().desiredState())) {
                fleet.setDesiredState(name.full(), state);
            }
        } else {
            file = source(argument, name);
            warnOfUnknown(name, file);
            fleet.createUnit(name.full(), file, state);
        }
        return pending(name, file);
    }

    private static Pending pending(UnitName name, UnitFile file) {
        return new Pending(
                name.full(),
                Requirements.of(name.full(), file.text()).map(Requirements::global).orElse(false));
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

    private UnitFile source(UnitArgument argument, UnitName name) {
        return argument.file()
                .or(() ->
                        name.template()
                                .flatMap(template -> fleet.unit(template.full()))
                                .map(Submitter::file))
                .or(argument::templateFile)
                .orElseThrow(() ->
                        new CommandFailure(
                                "unable to find Unit(%s) in registry or on filesystem"
                                        .formatted(name.full())));
    }

    static UnitFile file(UnitBody unit) {
        return UnitOption.file(Objects.requireNonNullElse(unit.options(), List.of()));
    }

    private static void warnOfUnknown(UnitName name, UnitFile file) {
        FleetOptions.of(file, name)
                .unknown()
                .forEach(option ->
                        System.err.printf(
                                "Warning: %s: unknown option \"%s\" in [X-Fleet] has no"
                                        + " effect%n",
                                name.full(), option));
    }
}
