package flotilla.store.log.peer;

import flotilla.platform.Clock;
import flotilla.store.log.PeerTraffic;
import flotilla.store.log.Timings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the snapshots that go one way between two members. To be read on any thread. */
final class Shipments {
    private final Timings arrived = Timings.ofSnapshots();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();

    /** One is under way until its result is there. */
    void begun(CompletableFuture<Void> result, Clock clock) {
        long begunNanos = clock.nanos();
        underWay.incrementAndGet();
        var _ =
                result.whenComplete((_, failure) -> {
                    underWay.decrementAndGet();
                    if (failure == null) {
                        arrived.add(clock.nanos() - begunNanos);
                    } else {
                        failed.incrementAndGet();
                    }
                });
    }

    PeerTraffic.Snapshots now() {
        return new PeerTraffic.Snapshots(failed.get(), underWay.get(), arrived.durations());
    }
}
