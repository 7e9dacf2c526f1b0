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
 * @param fenceMillis how long after the end of its lease it may need until it has surely stopped
 *     what must not run twice
 * @param eligibility never its own word
 */
public record Machine(
        String id,
        String publicIp,
        String hostname,
        Map<String, String> metadata,
        Capacity capacity,
        String version,
        long fenceMillis,
        Eligibility eligibility) {
    /** What a machine that says nothing of its fence may need, in milliseconds. */
    public static final long FENCE_MILLIS = 60_000;

    /** As long as the short form that people use. */
    public static final int SHORT_ID = 8;

    public Machine {
        if (id.isEmpty() || id.contains("/")) {
            throw new IllegalArgumentException("bad machine id \"" + id + "\"");
        }
        if (fenceMillis < 0) {
            throw new IllegalArgumentException("a fence ends after the lease, not before");
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
        this(id, publicIp, hostname, metadata, capacity, version, FENCE_MILLIS, Eligibility.READY);
    }

    public String shortId() {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    /** What people call it: its host name, else the short id. */
    public String label() {
        return hostname.isEmpty() ? shortId() : hostname;
    }

    public Machine with(Map<String, String> otherMetadata) {
        return new Machine(
                id, publicIp, hostname, otherMetadata, capacity, version, fenceMillis, eligibility);
    }

    public Machine with(Eligibility other) {
        return new Machine(id, publicIp, hostname, metadata, capacity, version, fenceMillis, other);
    }

    public Machine withFence(long millis) {
        return new Machine(
                id, publicIp, hostname, metadata, capacity, version, millis, eligibility);
    }
}
