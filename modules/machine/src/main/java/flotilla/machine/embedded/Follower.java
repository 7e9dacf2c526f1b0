package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader of a unit's log as it grows; what it is too slow for it loses, and is told so. */
final class Follower implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);

    /** Lines it may lag behind. */
    private static final int LINES_MAX = 4096;

    /** What these may take up together, in bytes. */
    private static final long BYTES_MAX = 1 << 20;

    /** What a line takes up beside its characters, in bytes. */
    private static final long LINE_BYTES = 128;

    private final String unit;
    private final List<JournalLine> first;
    private final Consumer<JournalLine> listener;
    private final ByteShare share;
    private final AtomicLong dropped = new AtomicLong();
    private final BlockingQueue<JournalLine> queue = new LinkedBlockingQueue<>(LINES_MAX);
    private long bytes;
    private boolean closed;

    /**
     * @param first what it is told before all that comes
     */
    Follower(
            String unit, List<JournalLine> first, Consumer<JournalLine> listener, ByteShare share) {
        this.unit = unit;
        this.first = List.copyOf(first);
        this.listener = listener;
        this.share = share;
    }

    /** Never blocks. */
    synchronized void offer(JournalLine line) {
        if (closed || !line.unit().equals(unit)) {
            return;
        }
        long size = size(line);
        boolean room = bytes + size <= BYTES_MAX && share.take(size);
        if (room && queue.offer(line)) {
            bytes += size;
            return;
        }
        if (room) {
            share.give(size);
        }
        dropped.incrementAndGet();
    }

    /** Two bytes a character, as it is in the worst case. */
    private static long size(JournalLine line) {
        return LINE_BYTES + 2L * line.message().length();
    }

    private synchronized void taken(JournalLine line) {
        if (!closed) {
            bytes -= size(line);
            share.give(size(line));
        }
    }

    /** It is told nothing more, and holds nothing. */
    synchronized void close() {
        if (!closed) {
            closed = true;
            share.give(bytes);
            queue.clear();
        }
    }

    @Override
    public void run() {
        try {
            first.forEach(listener);
            while (true) {
                JournalLine line = queue.take();
                taken(line);
                listener.accept(line);
                long lost = dropped.getAndSet(0);
                if (lost > 0) {
                    String told = lost + " lines were dropped: the reader is too slow";
                    listener.accept(new JournalLine(Instant.now(), unit, "init", 0, told));
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("a reader of {}'s journal failed; it is told nothing more", unit, e);
        } finally {
            close();
        }
    }
}
