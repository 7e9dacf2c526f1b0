package flotilla.machine;

/**
 * What a host is and has.
 *
 * @param machineId machine-id(5)
 * @param bootId another one after each boot
 * @param address where others reach it, unless settings say otherwise; may be empty
 * @param memoryBytes 0 when unknown
 * @param milliCpus thousandths of a core, 0 when unknown
 */
public record HostFacts(
        String machineId,
        String bootId,
        String hostname,
        String address,
        long memoryBytes,
        long milliCpus) {}
