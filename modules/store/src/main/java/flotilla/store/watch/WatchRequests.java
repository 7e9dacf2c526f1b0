package flotilla.store.watch;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What clients ask of their watches and the hub has not looked at yet. For any thread. */
final class WatchRequests {
    /** What a request takes beside what it says, in bytes, about. */
    private static final long OVERHEAD_BYTES = 200;

    private final long bytesMax;
    private final ConcurrentLinkedQueue<Request> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    private record Request(long bytes, Runnable work) {}

    WatchRequests(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Refused with TOO_MANY_REQUESTS when too much waits.
     *
     * @param said bytes of what the client says
     */
    void add(long said, Runnable work) {
        long more = OVERHEAD_BYTES + said;
        if (bytes.addAndGet(more) > bytesMax) {
            bytes.addAndGet(-more);
            throw new EtcdException(EtcdError.TOO_MANY_REQUESTS);
        }
        count.incrementAndGet();
        queue.add(new Request(more, work));
    }

    /** For what nobody can have too often. */
    void addAlways(Runnable work) {
        count.incrementAndGet();
        queue.add(new Request(0, work));
    }

    /** Does all that waits now. */
    void work() {
        int now = count.get();
        for (int i = 0; i < now; i++) {
            Request request = queue.poll();
            if (request != null) {
                count.decrementAndGet();
                bytes.addAndGet(-request.bytes());
                request.work().run();
            }
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }
}
