package flotilla.store.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long something took, many times, in etcd's buckets. Safe from any thread. */
public final class Timings {
    private final long firstNanos;
    private final AtomicLongArray counts;
    private final LongAdder sumNanos = new LongAdder();

    /**
     * @param firstNanos upper bound of the first bucket; each next one is twice as wide
     * @param buckets with a bound; one without follows
     */
    public Timings(long firstNanos, int buckets) {
        this.firstNanos = firstNanos;
        this.counts = new AtomicLongArray(buckets + 1);
    }

    /** Of the log's fsyncs: etcd's {@code wal_fsync_duration_seconds}, 1 ms to 8 s. */
    public static Timings ofFsyncs() {
        return new Timings(1_000_000, 14);
    }

    /** Of pings: etcd's {@code peer_round_trip_time_seconds}, 0.1 ms to 3.3 s. */
    public static Timings ofRoundTrips() {
        return new Timings(100_000, 16);
    }

    /** Of snapshots: etcd's {@code snapshot_send_total_duration_seconds}, 0.1 s to 51 s. */
    public static Timings ofSnapshots() {
        return new Timings(100_000_000, 10);
    }

    public void add(long nanos) {
        int bounded = counts.length() - 1;
        int bucket = 0;
        while (bucket < bounded && nanos > firstNanos << bucket) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sumNanos.add(nanos);
    }

    public Durations durations() {
        int bounded = counts.length() - 1;
        List<Durations.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < bounded; i++) {
            buckets.add(new Durations.Bucket((firstNanos << i) / 1e9, counts.get(i)));
        }
        buckets.add(new Durations.Bucket(Double.POSITIVE_INFINITY, counts.get(bounded)));
        return new Durations(sumNanos.sum() / 1e9, buckets);
    }
}
