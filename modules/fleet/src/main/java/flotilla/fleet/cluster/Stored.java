package flotilla.fleet.cluster;

/** An entry as it was read, with the revision of its last change. */
public record Stored(Entry entry, long revision) {}
