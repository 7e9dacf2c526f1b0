package flotilla.store.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How long the log's fsyncs took, in etcd's buckets (wal_fsync_duration_seconds). */
public final class FsyncTimes {
    /** Upper bound of the first bucket, nanoseconds; each next one is twice as wide. */
    private static final long FIRST_NANOS = 1_000_000;

    private static final int BUCKETS = 14;

    private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);
    private final LongAdder sumNanos = new LongAdder();

    public void add(long nanos) {
        int bucket = 0;
        while (bucket < BUCKETS && nanos > FIRST_NANOS << bucket) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sumNanos.add(nanos);
    }

    public RaftMetrics.Durations durations() {
        List<RaftMetrics.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new RaftMetrics.Bucket((FIRST_NANOS << i) / 1e9, counts.get(i)));
        }
        buckets.add(new RaftMetrics.Bucket(Double.POSITIVE_INFINITY, counts.get(BUCKETS)));
        return new RaftMetrics.Durations(sumNanos.sum() / 1e9, buckets);
    }
}
