package flotilla.fleet.job;

import java.util.Map;
import java.util.TreeMap;

/**
 * A machine of the cluster as it announces itself, with what people said of it since.
 *
 * @param id its machine-id(5)
 * @param publicIp where others reach it; may be empty
 * @param hostname for people; may be empty
 * @param metadata what units may ask for with {@code MachineMetadata=}
 * @param eligibility never its own word
 */
public record Machine(
        String id,
        String publicIp,
        String hostname,
        Map<String, String> metadata,
        Capacity capacity,
        String version,
        Eligibility eligibility) {
    /** As long as the short form that people use. */
    public static final int SHORT_ID = 8;

    public Machine {
        if (id.isEmpty() || id.contains("/")) {
            throw new IllegalArgumentException("bad machine id \"" + id + "\"");
        }
        metadata = java.util.Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /** As it announces itself. */
    public Machine(
            String id,
            String publicIp,
            String hostname,
            Map<String, String> metadata,
            Capacity capacity,
            String version) {
        this(id, publicIp, hostname, metadata, capacity, version, Eligibility.READY);
    }

    public String shortId() {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    /** What people call it: its host name, else the short id. */
    public String label() {
        return hostname.isEmpty() ? shortId() : hostname;
    }

    public Machine with(Map<String, String> otherMetadata) {
        return new Machine(id, publicIp, hostname, otherMetadata, capacity, version, eligibility);
    }

    public Machine with(Eligibility other) {
        return new Machine(id, publicIp, hostname, metadata, capacity, version, other);
    }
}
