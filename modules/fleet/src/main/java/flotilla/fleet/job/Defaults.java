package flotilla.fleet.job;

/**
 * What holds for all units of the cluster that don't say otherwise.
 *
 * @param packed whether they go where least is left free, so that whole machines stay empty
 */
public record Defaults(boolean packed) {
    public static final Defaults NONE = new Defaults(false);

    private static final String PACK = "pack";
    private static final String SPREAD = "spread";

    /** The word for how units are placed, as units have it in {@code Placement=}. */
    public String placement() {
        return packed ? PACK : SPREAD;
    }

    /**
     * @throws IllegalArgumentException for another word than those two
     */
    public static Defaults placing(String word) {
        if (!word.equals(PACK) && !word.equals(SPREAD)) {
            throw new IllegalArgumentException("placement is spread or pack, not \"" + word + "\"");
        }
        return new Defaults(word.equals(PACK));
    }
}
