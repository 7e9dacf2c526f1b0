package flotilla.fleet.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the engine counts, under the names that fleet's {@code /metrics} had. */
public final class EngineMetrics {
    private final AtomicLong leaderSinceSeconds = new AtomicLong();
    private final LongAdder tasks = new LongAdder();
    private final LongAdder taskFailures = new LongAdder();
    private final LongAdder reconciles = new LongAdder();
    private final LongAdder reconcileFailures = new LongAdder();
    private final LongAdder reconcileNanos = new LongAdder();

    void leads() {
        leaderSinceSeconds.set(System.currentTimeMillis() / 1000);
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
        reconcileNanos.add(time.toNanos());
    }

    /** Prometheus' text format, version 0.0.4. */
    public String text() {
        StringBuilder out = new StringBuilder();
        line(out, "fleet_engine_leader_start_time", "gauge", leaderSinceSeconds.get());
        line(out, "fleet_engine_task_count_total", "counter", tasks.sum());
        line(out, "fleet_engine_task_failure_count_total", "counter", taskFailures.sum());
        line(out, "fleet_engine_reconcile_count_total", "counter", reconciles.sum());
        line(out, "fleet_engine_reconcile_failure_count_total", "counter", reconcileFailures.sum());
        out.append("# TYPE fleet_engine_reconcile_duration_second summary\n")
                .append("fleet_engine_reconcile_duration_second_sum ")
                .append(reconcileNanos.sum() / 1e9)
                .append("\nfleet_engine_reconcile_duration_second_count ")
                .append(reconciles.sum())
                .append('\n');
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String type, long value) {
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        out.append(name).append(' ').append(value).append('\n');
    }
}
