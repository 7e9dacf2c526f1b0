package flotilla.fleet;

import flotilla.fleet.job.Capacity;

/**
 * What the daemon must know of the machine it runs on.
 *
 * @param machineId machine-id(5)
 * @param bootId another one after each boot
 * @param address where others reach it, unless the settings say otherwise; may be empty
 */
public record Host(
        String machineId, String bootId, String hostname, String address, Capacity capacity) {}
