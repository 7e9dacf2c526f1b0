package flotilla.provision;

/**
 * One machine as its provider sees it.
 *
 * @param name {@code core-01} and so on
 * @param machineId 32 hex digits, see machine-id(5)
 * @param address its private IPv4 address
 * @param up whether it has power; says nothing of what runs on it
 */
public record Machine(String name, String machineId, String address, boolean up) {}
