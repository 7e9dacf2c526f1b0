package flotilla.fleet.schedule;

/**
 * How a machine ranks for a unit in one respect.
 *
 * @param ranking the option that it is about, such as {@code SpreadOver}, or {@code instances},
 *     {@code load}, {@code free}, {@code units}
 * @param cost the lower the better; only to be compared with that of another machine
 * @param words the same for people, such as {@code 41.5%}
 */
public record Score(String ranking, long cost, String words) {}
