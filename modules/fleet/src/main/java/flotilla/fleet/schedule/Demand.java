package flotilla.fleet.schedule;

import java.util.OptionalLong;

/**
 * What a unit asks of its machine.
 *
 * @param memoryBytes absent when it asks for none
 * @param milliCpus thousandths of a core; absent when it asks for none
 */
public record Demand(OptionalLong memoryBytes, OptionalLong milliCpus) {
    public static final Demand NONE = new Demand(OptionalLong.empty(), OptionalLong.empty());

    /** What a unit that asks for no memory counts as, in bytes; small, but not nothing. */
    static final long DEFAULT_MEMORY_BYTES = 32L << 20;

    /** What a unit that asks for no CPU counts as, in thousandths of a core. */
    static final long DEFAULT_MILLI_CPUS = 50;

    /** What it counts as when machines are compared. */
    long memoryOrDefault() {
        return memoryBytes.orElse(DEFAULT_MEMORY_BYTES);
    }

    long milliCpusOrDefault() {
        return milliCpus.orElse(DEFAULT_MILLI_CPUS);
    }
}
