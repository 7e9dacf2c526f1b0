package flotilla.store.disk;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who uses something that must not be used after its end, without a lock. The owner counts as one
 * user from the beginning; once all have left nobody enters any more. From any thread.
 */
final class Uses {
    private final AtomicInteger users = new AtomicInteger(1);
    private final Runnable end;

    /**
     * @param end called once, by whoever leaves last
     */
    Uses(Runnable end) {
        this.end = end;
    }

    /** False when it has ended; otherwise {@link #leave} must follow, once. */
    boolean enter() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
    }

    void leave() {
        int left = users.decrementAndGet();
        if (left == 0) {
            end.run();
        } else if (left < 0) {
            throw new IllegalStateException("left more often than entered");
        }
    }
}
