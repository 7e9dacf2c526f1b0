package flotilla.machine.job;

import flotilla.units.Specifiers;
import flotilla.units.UnitFile;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a unit says of others (systemd.unit(5)).
 *
 * @param after units whose start this one's start waits for; the reverse when stopping
 * @param afterByDefault the same, unless the other one says that it comes after this one
 */
public record Dependencies(
        Set<String> requires,
        Set<String> requisite,
        Set<String> wants,
        Set<String> bindsTo,
        Set<String> partOf,
        Set<String> conflicts,
        Set<String> after,
        Set<String> before,
        Set<String> afterByDefault,
        Set<String> onFailure) {
    public static final Dependencies NONE =
            new Dependencies(
                    Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of(),
                    Set.of(), Set.of());

    public Dependencies {
        requires = ordered(requires);
        requisite = ordered(requisite);
        wants = ordered(wants);
        bindsTo = ordered(bindsTo);
        partOf = ordered(partOf);
        conflicts = ordered(conflicts);
        after = ordered(after);
        before = ordered(before);
        afterByDefault = ordered(afterByDefault);
        onFailure = ordered(onFailure);
    }

    /**
     * @param linked units linked into {@code NAME.wants/} and {@code NAME.requires/}
     * @param target a target comes after all that it wants and requires, where they don't say the
     *     contrary (systemd.target(5))
     */
    public static Dependencies of(
            UnitFile file, Specifiers specifiers, Links linked, boolean target) {
        Set<String> requires = names(file, specifiers, "Requires");
        requires.addAll(linked.requires());
        Set<String> wants = names(file, specifiers, "Wants");
        wants.addAll(linked.wants());
        Set<String> byDefault = new LinkedHashSet<>();
        if (target && file.flag("Unit", "DefaultDependencies", true)) {
            byDefault.addAll(requires);
            byDefault.addAll(wants);
        }
        return new Dependencies(
                requires,
                names(file, specifiers, "Requisite"),
                wants,
                names(file, specifiers, "BindsTo"),
                names(file, specifiers, "PartOf"),
                names(file, specifiers, "Conflicts"),
                names(file, specifiers, "After"),
                names(file, specifiers, "Before"),
                byDefault,
                names(file, specifiers, "OnFailure"));
    }

    /** What symbolic links add to a unit's dependencies. */
    public record Links(Set<String> wants, Set<String> requires) {}

    /** Needed to be up, or this one can't be started. */
    Set<String> needs() {
        Set<String> all = new LinkedHashSet<>(requires);
        all.addAll(bindsTo);
        return all;
    }

    /** When one of these stops or restarts by a request, so does this unit. */
    Set<String> followed() {
        Set<String> all = needs();
        all.addAll(partOf);
        all.addAll(requisite);
        return all;
    }

    /** As the file names them, so that the same file always leads to the same jobs. */
    private static Set<String> ordered(Set<String> names) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    private static Set<String> names(UnitFile file, Specifiers specifiers, String option) {
        Set<String> names = new LinkedHashSet<>();
        for (String value : file.values("Unit", option)) {
            Arrays.stream(value.split("\\s+"))
                    .filter(word -> !word.isEmpty())
                    .map(specifiers::expand)
                    .forEach(names::add);
        }
        return names;
    }
}
