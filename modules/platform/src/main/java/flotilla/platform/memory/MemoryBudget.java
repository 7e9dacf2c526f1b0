package flotilla.platform.memory;

import flotilla.platform.metrics.Metrics;
import java.util.Locale;

/**
 * How a heap is divided. A holder of bytes that somebody outside decides on (clients, units, other
 * members) keeps what it holds within its {@link Share}, and refuses, drops or reads again from
 * disk what is beyond. All shares together are three quarters of the heap at most: the rest is for
 * what a process needs whatever it is sent.
 *
 * <p>A share counts bytes as they are sent and stored. A small message is several times as large as
 * an object, so who holds many small ones limits their number too.
 *
 * @param heapBytes the largest size that the heap may grow to
 */
public record MemoryBudget(long heapBytes) {
    /**
     * Below this the least shares leave too little to run in, bytes. A JVM has a little less than
     * its -Xmx says.
     */
    public static final long HEAP_BYTES_MIN = 20L << 20;

    /** System property: bytes of the heap that each member of this process may take as its own. */
    public static final String HEAP_PROPERTY = "flotilla.heap.bytes";

    /** A part of the heap, and the one purpose it is for. */
    public enum Share {
        /** Writes that wait for the log or are under way in it. */
        PROPOSALS(10, 2L << 20, 256L << 20),

        /** Entries of the log kept in memory for followers, and messages on their way to them. */
        LOG_CACHE(15, 3L << 20, 512L << 20),

        /** The newest changes, kept for watchers that keep up. */
        EVENT_HISTORY(5, 1L << 20, 64L << 20),

        /** Answers of reads, and what a transaction reads. */
        SCANS(10, 2L << 20, 512L << 20),

        /** Bodies of requests that are not complete yet. */
        BODIES(10, 2L << 20, 256L << 20),

        /** What clients watch, and what they ask of their watches. */
        WATCHES(8, 1L << 20, 256L << 20),

        /** The newest lines of all units. */
        JOURNALS(5, 1L << 20, 64L << 20),

        /** What open connections take, whatever goes through them. */
        CONNECTIONS(6, 1L << 20, 512L << 20),

        /** The files of all units, specifiers in place. */
        UNITS(5, 1L << 20, 64L << 20);

        /** Of the heap. */
        private final int percent;

        private final long leastBytes;
        private final long mostBytes;

        Share(int percent, long leastBytes, long mostBytes) {
            this.percent = percent;
            this.leastBytes = leastBytes;
            this.mostBytes = mostBytes;
        }

        /** As metrics and docs call it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public MemoryBudget {
        if (heapBytes < HEAP_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "a heap of "
                            + heapBytes
                            + " bytes is too small to divide: start the JVM with -Xmx24m or more");
        }
    }

    /**
     * That of the process we are in; of the part {@value #HEAP_PROPERTY} says where a program of
     * somebody else's holds us, or several members.
     */
    public static MemoryBudget ofThisJvm() {
        String own = System.getProperty(HEAP_PROPERTY);
        return new MemoryBudget(
                own != null ? Long.parseLong(own) : Runtime.getRuntime().maxMemory());
    }

    /** How many bytes a share is. */
    public long bytes(Share share) {
        long part = heapBytes / 100 * share.percent;
        return Math.clamp(part, share.leastBytes, share.mostBytes);
    }

    /** Shows each share as {@code flotilla_memory_budget_bytes}. */
    public void show(Metrics metrics) {
        Metrics.Distribution shown =
                metrics.gauge(
                        "flotilla_memory_budget_bytes",
                        "How many bytes of the heap are set aside for a purpose.",
                        "share");
        for (Share share : Share.values()) {
            shown.observe((double) bytes(share), share.label());
        }
    }
}
