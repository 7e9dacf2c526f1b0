package flotilla.platform.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** The numbers of one server, for {@code /metrics}. Safe from any thread. */
public final class Metrics {
    /** What {@link #text} must be served as. */
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    /** Something that only grows, told apart by labels. */
    public interface Count {
        /** One more. The values stand for the labels, in their order. */
        default void increment(String... values) {
            add(1, values);
        }

        void add(double amount, String... values);
    }

    /** Something measured many times, in seconds or bytes. */
    public interface Distribution {
        void observe(double value, String... values);
    }

    /**
     * @param name with its {@code _total}
     */
    public Count counter(String name, String help, String... labels) {
        Counter counter =
                Counter.builder().name(name).help(help).labelNames(labels).register(registry);
        return (amount, values) -> {
            CounterDataPoint point = labels.length == 0 ? counter : counter.labelValues(values);
            point.inc(amount);
        };
    }

    /**
     * A number read whenever somebody asks; the supplier must be quick and safe from any thread.
     * While it throws, the number is left out: the others must still be there then.
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> read(value).ifPresent(callback::call))
                .register(registry);
    }

    private static OptionalDouble read(DoubleSupplier value) {
        try {
            return OptionalDouble.of(value.getAsDouble());
        } catch (RuntimeException unknown) {
            return OptionalDouble.empty();
        }
    }

    /** As {@link #gauge(String, String, DoubleSupplier)}, of something that only grows. */
    public void counter(String name, String help, DoubleSupplier value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> read(value).ifPresent(callback::call))
                .register(registry);
    }

    /** Takes what a number is just now, for each of its labels' values. */
    public interface Readings {
        void add(double value, String... values);
    }

    /**
     * As {@link #gauge(String, String, DoubleSupplier)}, for whatever labels' values there are when
     * somebody asks.
     */
    public void gauges(String name, String help, List<String> labels, Consumer<Readings> source) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> source.accept(callback::call))
                .register(registry);
    }

    /** As {@link #gauges}, of what only grows. */
    public void counters(String name, String help, List<String> labels, Consumer<Readings> source) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .callback(callback -> source.accept(callback::call))
                .register(registry);
    }

    /** What is read whole whenever somebody asks; the collector must be quick. */
    public void collect(Collector collector) {
        registry.register(collector);
    }

    /** A number per label values, as last set. */
    public Distribution gauge(String name, String help, String... labels) {
        Gauge gauge = Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
        return (value, values) ->
                (labels.length == 0 ? gauge : gauge.labelValues(values)).set(value);
    }

    /**
     * @param bounds the buckets' upper ends, ascending, without the last that takes all
     */
    public Distribution histogram(String name, String help, double[] bounds, String... labels) {
        Histogram histogram =
                Histogram.builder()
                        .name(name)
                        .help(help)
                        .labelNames(labels)
                        .classicOnly()
                        .classicUpperBounds(bounds)
                        .register(registry);
        return (value, values) -> {
            DistributionDataPoint point =
                    labels.length == 0 ? histogram : histogram.labelValues(values);
            point.observe(value);
        };
    }

    /** All of it in Prometheus' text format. */
    public String text() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing metrics to memory", e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
