package flotilla.fleet.engine;

import flotilla.client.Election.Leadership;
import flotilla.client.EtcdClientException;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Cluster;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One term of office. The thread that runs it owns the model; changes reach it through a queue. It
 * decides once per batch of changes, and never before it has heard of its own last write: so it
 * doesn't decide the same thing twice.
 */
final class Reign {
    private static final Logger log = LoggerFactory.getLogger(Reign.class);

    /** Batches of changes waiting; beyond it the watch waits, and with it the store. */
    private static final int INBOX = 1_024;

    /** How often it looks whether it still leads, and tries again what failed. */
    private static final Duration BEAT = Duration.ofMillis(500);

    private final LeaseKeeper lease;
    private final EngineMetrics metrics;
    private final Registry registry;
    private final Executor executor;
    private final BlockingQueue<News> inbox = new LinkedBlockingQueue<>(INBOX);
    private Cluster cluster = new Cluster();
    private boolean listed;
    private boolean dirty;
    private boolean deposed;
    private long heard;

    /** How often it looks whether a unit that waits has waited long enough. */
    private static final Duration REVIEW = Duration.ofSeconds(2);

    private final Clock clock = Clock.system();
    private long reviewedNanos;

    private volatile boolean decided;

    Reign(Registry registry, Leadership leadership, LeaseKeeper lease, EngineMetrics metrics) {
        this.registry = registry;
        this.lease = lease;
        this.metrics = metrics;
        this.executor = new Executor(registry, leadership, clock);
    }

    private sealed interface News {
        record All(List<Stored> entries, long revision) implements News {}

        record Some(List<Change> changes, long revision) implements News {}
    }

    /** Returns when the lease is lost, or somebody took the leader's key away. */
    void run() throws InterruptedException {
        try (Registration following =
                registry.follow(registry.layout().cluster(), new Inbox(inbox))) {
            while (lease.held() && !deposed) {
                hear();
                boolean due = clock.nanos() - reviewedNanos >= REVIEW.toNanos();
                dirty |= due && !cluster.strikeRevisions().isEmpty();
                if (listed && dirty && heard >= executor.lastRevision() && lease.held()) {
                    reconcile();
                }
            }
        }
    }

    /** Whether it could decide at least once; for any thread. */
    boolean hasDecided() {
        return decided;
    }

    private record Inbox(BlockingQueue<News> queue) implements ChangeListener {
        @Override
        public void reset(List<Stored> all, long revision) {
            put(new News.All(all, revision));
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            put(new News.Some(changes, revision));
        }

        private void put(News news) {
            try {
                queue.put(news);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void hear() throws InterruptedException {
        News first = inbox.poll(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
            return;
        }
        List<News> batch = new ArrayList<>(List.of(first));
        inbox.drainTo(batch);
        batch.forEach(this::apply);
        dirty = true;
    }

    private void apply(News news) {
        switch (news) {
            case News.All(List<Stored> entries, long revision) -> {
                cluster = new Cluster();
                entries.forEach(stored -> cluster.put(stored.entry(), stored.revision()));
                listed = true;
                heard = revision;
            }
            case News.Some(List<Change> changes, long revision) -> {
                changes.forEach(this::apply);
                heard = revision;
            }
        }
    }

    private void apply(Change change) {
        switch (change) {
            case Change.Put put -> cluster.put(put.entry(), put.revision());
            case Change.Removed removed -> cluster.remove(removed.key());
        }
    }

    /** What fails for the store's sake stays to be done; what was overtaken comes back as news. */
    private void reconcile() {
        long begun = clock.nanos();
        reviewedNanos = begun;
        List<Decision> decisions = Reconciler.decide(cluster, clock.now().toEpochMilli());
        decided = true;
        try {
            int done = executor.execute(decisions);
            dirty = false;
            deposed = done == 0 && !decisions.isEmpty() && !executor.leads();
            metrics.reconciled(decisions.size(), decisions.size() - done);
        } catch (EtcdClientException e) {
            metrics.failed();
            log.warn("engine: {} changes wait: {}", decisions.size(), e.getMessage());
        }
        metrics.took(Duration.ofNanos(clock.nanos() - begun));
    }
}
