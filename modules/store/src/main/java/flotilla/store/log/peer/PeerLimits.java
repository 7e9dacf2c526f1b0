package flotilla.store.log.peer;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;

/**
 * What the transport holds at most.
 *
 * @param queueBytes of messages that wait for one member
 * @param windowBytes of a snapshot that are on their way to one member
 * @param questions that wait for an answer, of all members
 * @param connections that others opened, strangers among them
 */
public record PeerLimits(long queueBytes, int windowBytes, int questions, int connections) {
    /** Of the log's share: its entries wait for several members, and are mostly the same ones. */
    private static final int QUEUES_IN_SHARE = 4;

    private static final long QUEUE_BYTES_MAX = 64L << 20;

    private static final int WINDOWS_IN_SHARE = 16;

    /** A window must hold a few chunks to be one. */
    private static final long WINDOW_BYTES_MIN = 2L * Manifest.CHUNK_BYTES;

    /** 10 ms of a line of 3 Gbit/s, as far as a continent is wide. */
    private static final long WINDOW_BYTES_MAX = 4L << 20;

    /** Questions: batches of commands, as many as arrive in the seconds that an answer takes. */
    private static final int QUESTIONS = 10_000;

    /** Connections: a hundred times what members need, nothing to the heap. */
    private static final int CONNECTIONS = 256;

    /** As much as a heap allows. */
    public static PeerLimits of(MemoryBudget budget) {
        long share = budget.bytes(Share.LOG_CACHE);
        return new PeerLimits(
                Math.min(share / QUEUES_IN_SHARE, QUEUE_BYTES_MAX),
                (int) Math.clamp(share / WINDOWS_IN_SHARE, WINDOW_BYTES_MIN, WINDOW_BYTES_MAX),
                QUESTIONS,
                CONNECTIONS);
    }
}
