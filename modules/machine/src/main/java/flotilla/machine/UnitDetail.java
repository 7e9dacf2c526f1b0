package flotilla.machine;

import java.util.OptionalLong;

/**
 * All about one unit. What systemd calls "[not set]" is empty: nobody counts it, which is not zero.
 *
 * @param invocationId of the run that is now or was last, 32 hexadecimal digits; empty before the
 *     first
 * @param needsReload whether its files have changed since the init read them
 * @param memoryBytes that its processes hold
 * @param cpuNanos that this run has used
 * @param tasks its processes and threads; of an init that can't count threads, its processes
 */
public record UnitDetail(
        UnitState state,
        String invocationId,
        boolean needsReload,
        OptionalLong memoryBytes,
        OptionalLong cpuNanos,
        OptionalLong tasks) {}
