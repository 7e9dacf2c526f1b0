package flotilla.sim.world;

/** The process that runs has just ended, in the middle of what it does. */
final class PowerCut extends Error {
    private static final long serialVersionUID = 1;

    PowerCut(String where) {
        super(where, null, false, false);
    }
}
