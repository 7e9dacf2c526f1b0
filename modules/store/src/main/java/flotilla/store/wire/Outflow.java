package flotilla.store.wire;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all watchers together were sent and have not taken yet. When that is much, each is sent
 * little at a time, so that clients which stopped reading don't keep the others from theirs.
 */
final class Outflow {
    /** What a watcher is sent at once then, bytes; an event that is larger goes alone. */
    private static final long LITTLE_BYTES = 16 << 10;

    private final long bytesMax = MemoryBudget.ofThisJvm().bytes(Share.EVENT_HISTORY);
    private final AtomicLong waiting = new AtomicLong();

    long room() {
        return waiting.get() < bytesMax ? Long.MAX_VALUE : LITTLE_BYTES;
    }

    /** One stream's part. */
    Part part() {
        return new Part();
    }

    final class Part {
        private long mine;
        private boolean ended;

        /** Before something is sent. */
        synchronized void add(long bytes) {
            if (!ended) {
                mine += bytes;
                waiting.addAndGet(bytes);
            }
        }

        /** All of it has been taken. */
        synchronized void taken() {
            waiting.addAndGet(-mine);
            mine = 0;
        }

        /** The client has gone: nobody takes what is still sent. */
        synchronized void end() {
            taken();
            ended = true;
        }
    }
}
