package flotilla.fleet.schedule;

import flotilla.fleet.job.Handover;
import flotilla.fleet.job.HealthCheck;
import flotilla.fleet.job.OnLost;
import flotilla.units.FleetOptions;
import flotilla.units.PlacementPolicy;
import flotilla.units.Preferences;
import flotilla.units.Problem;
import flotilla.units.Resources;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import flotilla.units.UnitOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is wrong with what a unit asks of its machine, before anybody schedules it. Lines are those
 * of the file; 0 for a unit that came from none.
 *
 * @param problems the unit is to be refused
 * @param warnings has no effect, and was surely meant to, or is known to go wrong; the original
 *     takes it in silence
 */
public record Review(List<Problem> problems, List<Problem> warnings) {
    private static final String SECTION = "X-Fleet";
    private static final String PLACEMENT = "Placement";
    private static final String SPREAD_OVER = "SpreadOver";

    /** What decides where there is a choice. */
    private static final Set<String> PREFERENCES =
            Set.of(
                    PLACEMENT,
                    SPREAD_OVER,
                    "PreferMachineOf",
                    "AvoidMachineOf",
                    "PreferMachineMetadata",
                    "AvoidMachineMetadata");

    public Review {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    public static Review of(UnitFile file, UnitName name) {
        List<UnitOption> wishes =
                file.options().stream().filter(o -> o.section().equals(SECTION)).toList();
        FleetOptions options = FleetOptions.of(file, name);
        Set<String> unknown = Set.copyOf(options.unknown());
        // Whether a value says something is to be judged by an instance: a template has no %i.
        UnitName named = name.isTemplate() ? name.instance("instance") : name;
        List<Problem> problems = new ArrayList<>();
        List<Problem> warnings = new ArrayList<>();
        file.tooLongForFleet().ifPresent(problems::add);
        options.problems().forEach(problem -> problems.add(lastNamed(wishes, problem.message())));
        for (UnitOption wish : wishes) {
            Optional<String> unreadable =
                    HealthCheck.isKey(wish.name()) ? health(wish, wishes, named) : unreadable(wish);
            if (unreadable.isPresent()) {
                problems.add(at(wish, unreadable.get()));
            } else if (unknown.contains(wish.name())) {
                warnings.add(at(wish, "unknown option in [X-Fleet], has no effect"));
            } else {
                idle(wish, named, options).ifPresent(words -> warnings.add(at(wish, words)));
            }
        }
        warnings.addAll(ContainerTraps.of(file));
        return new Review(problems, warnings);
    }

    /** Why an option that is well known has no effect. */
    private static Optional<String> idle(UnitOption wish, UnitName name, FleetOptions all) {
        FleetOptions alone = FleetOptions.of(UnitFile.of(List.of(wish)), name);
        if (wish.value().isBlank()) {
            return Optional.empty();
        }
        if (wish.name().endsWith("MachineMetadata")
                && alone.metadata().isEmpty()
                && alone.preferences().equals(Preferences.NONE)) {
            return Optional.of(wish.value() + " is not KEY=VALUE, has no effect");
        }
        if (PREFERENCES.contains(wish.name()) && all.global()) {
            return Optional.of("has no effect on a global unit");
        }
        return wish.name().equals(SPREAD_OVER) && !name.isInstance()
                ? Optional.of("has no effect on a unit that is no instance of a template")
                : Optional.empty();
    }

    private static Optional<String> health(
            UnitOption wish, List<UnitOption> wishes, UnitName named) {
        if (HealthCheck.isOneTooMany(wish, wishes)) {
            return Optional.of("a unit has one check of its health, and this is another one");
        }
        return wish.value().isBlank()
                ? Optional.empty()
                : HealthCheck.problem(wish, named).map(words -> wish.value() + " " + words);
    }

    /** What is wrong with a value; an empty one takes an earlier one back. */
    private static Optional<String> unreadable(UnitOption wish) {
        String value = wish.value();
        Resources resources = Resources.of(UnitFile.of(List.of(wish)));
        boolean reads =
                switch (wish.name()) {
                    case "Memory" -> resources.memoryBytes().isPresent();
                    case "CPU" -> resources.cpus().isPresent();
                    case Policies.HANDOVER -> Handover.of(value).isPresent();
                    case Policies.ON_LOST -> OnLost.of(value).isPresent();
                    case PLACEMENT -> PlacementPolicy.of(value).isPresent();
                    case SPREAD_OVER -> isKey(wish);
                    case ImageWishes.IMAGE -> ImageWishes.reads(value);
                    default -> true;
                };
        return reads || value.isBlank()
                ? Optional.empty()
                : Optional.of(
                        value
                                + switch (wish.name()) {
                                    case "Memory" -> " is no size in bytes, such as 512M";
                                    case "CPU" -> " is no number of cores, such as 0.5";
                                    case Policies.HANDOVER ->
                                            " is neither stop-first nor start-first";
                                    case PLACEMENT -> " is neither spread nor pack";
                                    case SPREAD_OVER -> " is no key of metadata, such as zone";
                                    case ImageWishes.IMAGE ->
                                            " is no name of an image, such as app:1";
                                    default -> " is neither stop nor keep";
                                });
    }

    private static boolean isKey(UnitOption wish) {
        UnitName any = new UnitName("any@1.service");
        return FleetOptions.of(UnitFile.of(List.of(wish)), any)
                .preferences()
                .spreadOver()
                .isPresent();
    }

    private static Problem at(UnitOption wish, String message) {
        String words = wish.name() + ": " + message;
        return wish.line() == 0 ? new Problem(0, 0, words) : new Problem(wish.line(), 1, words);
    }

    /** At the last of the options that a contradiction names. */
    private static Problem lastNamed(List<UnitOption> wishes, String message) {
        int line = 0;
        for (UnitOption wish : wishes) {
            String current = wish.name().replaceFirst("^X-(Condition)?", "");
            line = message.contains(current) ? Math.max(line, wish.line()) : line;
        }
        return line == 0 ? new Problem(0, 0, message) : new Problem(line, 1, message);
    }
}
