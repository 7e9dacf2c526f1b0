package flotilla.fleet.cluster;

/**
 * A value with the revision of its key's last change: what is decided from it is void once that is
 * another.
 */
public record Versioned<T>(T value, long revision) {}
