package flotilla.fleet.job;

/**
 * What a machine has in all for units.
 *
 * @param memoryBytes 0 when unknown: then nothing is refused for memory
 * @param milliCpus thousandths of a core, 0 when unknown
 */
public record Capacity(long memoryBytes, long milliCpus) {
    public static final Capacity UNKNOWN = new Capacity(0, 0);

    public Capacity {
        if (memoryBytes < 0 || milliCpus < 0) {
            throw new IllegalArgumentException("a machine has no negative resources");
        }
    }
}
