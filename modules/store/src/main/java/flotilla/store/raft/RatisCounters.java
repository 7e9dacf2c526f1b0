package flotilla.store.raft;

import flotilla.store.log.FsyncTimes;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.util.TimeDuration;

/**
 * Where Ratis puts its measurements; it finds this class as a service and refuses to run without
 * one. Of its some hundred figures only the time of the log's fsyncs is kept: the others cost more
 * than they tell.
 */
public final class RatisCounters extends MetricRegistries {
    /** Ratis' name for what the log worker's fsync takes. */
    private static final String SYNC_TIME = "syncTime";

    private static final Timekeeper.Context NOTHING = () -> 0;

    private final Map<MetricRegistryInfo, RatisMetricRegistry> registries =
            new ConcurrentHashMap<>();
    private final Map<String, FsyncTimes> fsyncs = new ConcurrentHashMap<>();

    /** For the service loader. */
    public RatisCounters() {}

    /** The fsyncs of a member's log since the process started. */
    static FsyncTimes fsyncs(RaftGroupMemberId member) {
        if (MetricRegistries.global() instanceof RatisCounters counters) {
            return counters.fsyncsOf(member.toString());
        }
        throw new IllegalStateException("Ratis uses another metrics service");
    }

    private FsyncTimes fsyncsOf(String prefix) {
        return fsyncs.computeIfAbsent(prefix, member -> new FsyncTimes());
    }

    @Override
    public RatisMetricRegistry create(MetricRegistryInfo info) {
        return registries.computeIfAbsent(info, Registry::new);
    }

    @Override
    public boolean remove(MetricRegistryInfo info) {
        return registries.remove(info) != null;
    }

    @Override
    public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
        return Optional.ofNullable(registries.get(info));
    }

    @Override
    public Set<MetricRegistryInfo> getMetricRegistryInfos() {
        return Set.copyOf(registries.keySet());
    }

    @Override
    public Collection<RatisMetricRegistry> getMetricRegistries() {
        return Set.copyOf(registries.values());
    }

    @Override
    public void clear() {
        registries.clear();
    }

    @Override
    public void addReporterRegistration(
            Consumer<RatisMetricRegistry> start, Consumer<RatisMetricRegistry> stop) {}

    @Override
    public void enableJmxReporter() {}

    @Override
    public void enableConsoleReporter(TimeDuration rate) {}

    private final class Registry implements RatisMetricRegistry {
        private final MetricRegistryInfo info;

        Registry(MetricRegistryInfo info) {
            this.info = info;
        }

        @Override
        public Timekeeper timer(String name) {
            if (!name.equals(SYNC_TIME)) {
                return () -> NOTHING;
            }
            FsyncTimes times = fsyncsOf(info.getPrefix());
            return () -> {
                long start = System.nanoTime();
                return () -> {
                    long took = System.nanoTime() - start;
                    times.add(took);
                    return took;
                };
            };
        }

        @Override
        public LongCounter counter(String name) {
            // Ratis decides by some of its counters, so they must count.
            return new Counter();
        }

        @Override
        public boolean remove(String name) {
            return true;
        }

        @Override
        public <T> void gauge(String name, Supplier<Supplier<T>> gauge) {}

        @Override
        public MetricRegistryInfo getMetricRegistryInfo() {
            return info;
        }
    }

    private static final class Counter implements LongCounter {
        private final AtomicLong count = new AtomicLong();

        @Override
        public void inc(long by) {
            count.addAndGet(by);
        }

        @Override
        public void dec(long by) {
            count.addAndGet(-by);
        }

        @Override
        public long getCount() {
            return count.get();
        }
    }
}
