package flotilla.fleet.job;

import flotilla.units.PlacementPolicy;

/**
 * What holds for all units of the cluster that don't say otherwise.
 *
 * @param packed whether they go where least is left free, so that whole machines stay empty
 */
public record Defaults(boolean packed) {
    public static final Defaults NONE = new Defaults(false);

    /** The word for how units are placed, as units have it in {@code Placement=}. */
    public String placement() {
        return (packed ? PlacementPolicy.PACK : PlacementPolicy.SPREAD).text();
    }

    /**
     * @throws IllegalArgumentException for another word than those two
     */
    public static Defaults placing(String word) {
        return PlacementPolicy.of(word)
                .map(policy -> new Defaults(policy.isPacked()))
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "placement is spread or pack, not \"" + word + "\""));
    }
}
