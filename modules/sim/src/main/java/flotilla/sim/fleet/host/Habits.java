package flotilla.sim.fleet.host;

/**
 * What a fleet's machines and units are like.
 *
 * @param ttlMillis of a machine's lease
 * @param startNanos that a unit takes to start, typically
 * @param stopNanos the same to stop
 * @param failPermille of starts that fail
 * @param hangPermille of stops that hang until the init kills
 * @param lostPermille of jobs whose result nobody hears of
 * @param writePermille of files that can't be written
 * @param busyPermille of turns in which the init keeps the agent waiting for seconds
 * @param engines machines whose daemons stand for election
 */
public record Habits(
        long ttlMillis,
        long startNanos,
        long stopNanos,
        int failPermille,
        int hangPermille,
        int lostPermille,
        int writePermille,
        int busyPermille,
        int engines) {
    /** The same, with nothing going wrong. */
    public Habits calm() {
        return new Habits(ttlMillis, startNanos, stopNanos, 0, 0, 0, 0, 0, engines);
    }
}
