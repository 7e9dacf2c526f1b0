package flotilla.store.log;

import java.util.List;

/** A histogram; the last bucket has no bound. */
public record Durations(double sumSeconds, List<Bucket> buckets) {
    public Durations {
        buckets = List.copyOf(buckets);
    }

    /** How many there were. */
    public long count() {
        return buckets.stream().mapToLong(Bucket::count).sum();
    }

    /** How many took no longer than the bound, and longer than that of the bucket before. */
    public record Bucket(double upToSeconds, long count) {}
}
