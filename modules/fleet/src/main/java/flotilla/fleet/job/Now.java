package flotilla.fleet.job;

/**
 * The time, as whoever decides is told it.
 *
 * @param monotonicMillis from an arbitrary origin, only ever growing: to measure with
 * @param wallMillis since 1970: for what outlives the process, and for people
 */
public record Now(long monotonicMillis, long wallMillis) {}
