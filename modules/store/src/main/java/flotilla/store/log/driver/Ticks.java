package flotilla.store.log.driver;

import flotilla.raft.Input;

/**
 * The core's clock. After a pause of the process come a few ticks at most, behind all that arrived
 * meanwhile: a burst of them would be an election timeout that nobody waited for (raft.md scenario
 * 39).
 */
final class Ticks {
    /** Of those that were missed. */
    private static final long CATCH_UP = 2;

    private final Loop loop;
    private final Steps steps;
    private final long nanos;
    private long last;
    private boolean ended;

    Ticks(Loop loop, Steps steps, long nanos) {
        this.loop = loop;
        this.steps = steps;
        this.nanos = nanos;
        this.last = loop.clock().nanos();
    }

    void begin() {
        loop.after(nanos, this::tick);
    }

    void end() {
        ended = true;
    }

    private void tick() {
        if (ended) {
            return;
        }
        long now = loop.clock().nanos();
        long missed = Math.max(1, (now - last) / nanos);
        for (long i = 0; i < Math.min(missed, CATCH_UP); i++) {
            steps.give(new Input.Tick());
        }
        last = Math.max(last + missed * nanos, now - nanos);
        loop.after(Math.max(1, last + nanos - now), this::tick);
    }
}
