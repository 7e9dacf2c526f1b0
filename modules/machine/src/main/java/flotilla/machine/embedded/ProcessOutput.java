package flotilla.machine.embedded;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/**
 * What one process writes, on its way to the journal: only few processes' lines at a time, and not
 * more of one in a while than {@link RateLimit} lets pass. For one thread.
 */
final class ProcessOutput implements LineReader.Listener {
    /** After so many bytes that are dropped the program has to wait for a moment. */
    private static final long DROPPED_BYTES_MAX = 64 << 10;

    private static final long PAUSE_NANOS = 1_000_000;

    private final JournalFiles journal;
    private final Semaphore turns;
    private final Source source;
    private final RateLimit rate = new RateLimit(System.nanoTime());
    private long droppedBytes;

    /** Which process of which unit, and the name that its lines are shown with. */
    record Source(String unit, String identifier, long pid) {
        @Override
        public String toString() {
            return identifier + "[" + pid + "]";
        }
    }

    ProcessOutput(JournalFiles journal, Semaphore turns, Source source) {
        this.journal = journal;
        this.turns = turns;
        this.source = source;
    }

    @Override
    public void line(byte[] bytes, int length) {
        tellDropped(rate.renew(System.nanoTime()));
        switch (rate.line()) {
            case LOG -> {
                turns.acquireUninterruptibly();
                try {
                    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
                    journal.log(source.unit(), source.identifier(), source.pid(), text);
                } finally {
                    turns.release();
                }
            }
            case FIRST_DROPPED ->
                    journal.note(
                            source.unit(),
                            "%s logs more than %d lines in %d s: further ones are dropped till then"
                                    .formatted(
                                            source,
                                            RateLimit.LINES_MAX,
                                            RateLimit.INTERVAL.toSeconds()));
            case DROP -> drop(length);
        }
    }

    /** Whoever is not heard must not keep a processor busy with it either. */
    private void drop(int length) {
        droppedBytes += length + 1;
        if (droppedBytes > DROPPED_BYTES_MAX) {
            droppedBytes = 0;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void end() {
        tellDropped(rate.dropped());
    }

    private void tellDropped(long lines) {
        if (lines > 0) {
            journal.note(source.unit(), "Suppressed " + lines + " lines of " + source);
        }
    }
}
