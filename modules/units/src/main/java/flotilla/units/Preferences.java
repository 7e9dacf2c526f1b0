package flotilla.units;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a unit would rather have where it has the choice between machines; none of it keeps the unit
 * from running.
 *
 * @param spreadOver the key of metadata over whose values a template's instances go evenly
 * @param avoidedUnits globs of units it would rather share no machine with
 * @param avoidedMetadata for each key the values it would rather not have
 * @param units names of units it would rather be beside
 * @param metadata for each key the values of which it would rather have one
 * @param packed whether it goes where least is left free, so that whole machines stay empty, or
 *     where most is; empty when it doesn't say
 */
public record Preferences(
        Optional<String> spreadOver,
        List<String> avoidedUnits,
        Map<String, Set<String>> avoidedMetadata,
        List<String> units,
        Map<String, Set<String>> metadata,
        Optional<Boolean> packed) {
    public static final Preferences NONE =
            new Preferences(
                    Optional.empty(), List.of(), Map.of(), List.of(), Map.of(), Optional.empty());

    public Preferences {
        avoidedUnits = List.copyOf(avoidedUnits);
        avoidedMetadata = Map.copyOf(avoidedMetadata);
        units = List.copyOf(units);
        metadata = Map.copyOf(metadata);
    }

    /** As they are where units that don't say are packed, or not. */
    public Preferences orPacked(boolean byDefault) {
        return packed.isPresent() || !byDefault
                ? this
                : new Preferences(
                        spreadOver,
                        avoidedUnits,
                        avoidedMetadata,
                        units,
                        metadata,
                        Optional.of(true));
    }
}
