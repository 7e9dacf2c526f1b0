package flotilla.fleet.schedule;

/**
 * How a machine ranks for a unit in one respect.
 *
 * @param ranking such as {@code instances} or {@code load}
 * @param cost the lower the better; only to be compared with that of another machine
 */
public record Score(String ranking, long cost) {}
