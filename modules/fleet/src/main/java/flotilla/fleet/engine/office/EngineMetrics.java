package flotilla.fleet.engine.office;

import flotilla.platform.metrics.Metrics;
import flotilla.platform.metrics.Metrics.Count;
import flotilla.platform.metrics.Metrics.Distribution;
import java.time.Duration;
import java.time.Instant;

/** What the engine counts, under the names that fleet's {@code /metrics} had. */
public final class EngineMetrics {
    /** Upper ends of the buckets of a pass's duration, in seconds. */
    private static final double[] SECONDS = {0.001, 0.01, 0.1, 1, 10};

    private final Distribution leaderStart;
    private final Count tasks;
    private final Count taskFailures;
    private final Count reconciles;
    private final Count reconcileFailures;
    private final Distribution reconcileSeconds;

    public EngineMetrics(Metrics metrics) {
        leaderStart =
                metrics.gauge(
                        "fleet_engine_leader_start_time",
                        "When this engine last began to lead, in seconds since 1970.");
        tasks = metrics.counter("fleet_engine_task_count_total", "Changes decided.");
        taskFailures =
                metrics.counter(
                        "fleet_engine_task_failure_count_total",
                        "Changes that were overtaken by another.");
        reconciles = metrics.counter("fleet_engine_reconcile_count_total", "Passes.");
        reconcileFailures =
                metrics.counter(
                        "fleet_engine_reconcile_failure_count_total",
                        "Passes that failed, and terms that did.");
        reconcileSeconds =
                metrics.histogram(
                        "fleet_engine_reconcile_duration_second",
                        "How long passes took, in seconds.",
                        SECONDS);
    }

    void leads(Instant since) {
        leaderStart.observe((double) since.getEpochSecond());
    }

    void reconciled(int decisions, int overtaken) {
        tasks.add(decisions);
        taskFailures.add(overtaken);
    }

    void failed() {
        reconcileFailures.increment();
    }

    void took(Duration time) {
        reconciles.increment();
        reconcileSeconds.observe(time.toNanos() / 1e9);
    }
}
