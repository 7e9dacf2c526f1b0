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
 * @param packed goes where least is left free, so that whole machines stay empty
 */
public record Preferences(
        Optional<String> spreadOver,
        List<String> avoidedUnits,
        Map<String, Set<String>> avoidedMetadata,
        List<String> units,
        Map<String, Set<String>> metadata,
        boolean packed) {
    public static final Preferences NONE =
            new Preferences(Optional.empty(), List.of(), Map.of(), List.of(), Map.of(), false);

    public Preferences {
        avoidedUnits = List.copyOf(avoidedUnits);
        avoidedMetadata = Map.copyOf(avoidedMetadata);
        units = List.copyOf(units);
        metadata = Map.copyOf(metadata);
    }
}
