package flotilla.fleet.engine.office;

import com.google.protobuf.ByteString;
import flotilla.client.Election.Leadership;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election for as long as it runs, and leads while it is elected. That the store does
 * not answer moves nothing: only a machine whose lease the store itself has ended is gone. An
 * engine that lost its lease writes nothing more, since every write is on the condition that it
 * leads.
 */
public final class Engine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final Registry registry;
    private final String machineId;
    private final Duration ttl;
    private final EngineMetrics metrics;
    private final Thread thread;
    private final AtomicReference<@Nullable LeaseKeeper> lease = new AtomicReference<>();
    private volatile boolean leading;
    private volatile String trouble = "";
    private volatile @Nullable Reign reign;

    private Engine(Registry registry, String machineId, Duration ttl, EngineMetrics metrics) {
        this.registry = registry;
        this.machineId = machineId;
        this.ttl = ttl;
        this.metrics = metrics;
        this.thread =
                Thread.ofVirtual()
                        .name("engine")
                        .unstarted(new Terms(this::term, Thread::sleep, this::failed)::run);
    }

    /**
     * @param ttl how long a leader that died is waited for
     */
    public static Engine start(
            Registry registry, String machineId, Duration ttl, EngineMetrics metrics) {
        Engine engine = new Engine(registry, machineId, ttl, metrics);
        engine.thread.start();
        return engine;
    }

    /** Whether it leads, as far as it knows. */
    public boolean leading() {
        return leading;
    }

    /** Why its terms fail, for a person; empty when they don't. */
    public String trouble() {
        Reign current = reign;
        return current != null && current.hasDecided() ? "" : trouble;
    }

    private void failed(Throwable problem) {
        trouble = String.valueOf(problem);
        reign = null;
        metrics.failed();
    }

    private void term() throws InterruptedException {
        LeaseKeeper held = registry.lease(ttl, () -> {});
        lease.set(held);
        try {
            Leadership leadership =
                    registry.election().campaign(held, ByteString.copyFromUtf8(machineId));
            log.info("engine: this machine leads");
            leading = true;
            metrics.leads(Clock.system().now());
            Reign current = new Reign(registry, leadership, held, metrics);
            reign = current;
            current.run();
            log.info("engine: this machine no longer leads");
        } finally {
            leading = false;
            if (lease.getAndSet(null) != null) {
                held.close();
            }
        }
    }

    /** Gives leadership back, so that another engine leads at once. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends as a crash would: leadership lasts until its lease ends. For tests. */
    public void kill() {
        LeaseKeeper held = lease.getAndSet(null);
        if (held != null) {
            held.abandon();
        }
        thread.interrupt();
    }
}
