package flotilla.store.wire;

import flotilla.store.log.Durations;
import flotilla.store.log.Durations.Bucket;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/** Durations as Prometheus has them. */
final class HistogramPoint {
    private HistogramPoint() {}

    static HistogramDataPointSnapshot of(Durations times, Labels labels) {
        List<Double> bounds = times.buckets().stream().map(Bucket::upToSeconds).toList();
        List<Long> counts = times.buckets().stream().map(Bucket::count).toList();
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                .sum(times.sumSeconds())
                .build();
    }
}
