package flotilla.sim.fleet.keeper;

/**
 * What ways to the store are like.
 *
 * @param delayNanos one way, typically
 * @param lostPermille of questions, and of answers, that never arrive
 * @param latePermille of lost questions, that do arrive once nobody waits for the answer any more
 * @param lagNanos of a watch, typically
 */
public record Weather(long delayNanos, int lostPermille, int latePermille, long lagNanos) {
    /** The same, with nothing lost. */
    public Weather calm() {
        return new Weather(delayNanos, 0, 0, lagNanos);
    }
}
