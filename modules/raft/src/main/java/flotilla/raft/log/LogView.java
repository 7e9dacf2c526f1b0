package flotilla.raft.log;

/**
 * The one thing the core asks of the log: how large entries are. Answered from memory, at once, on
 * the core's thread; a log that keeps the position of each entry answers with one subtraction.
 */
@FunctionalInterface
public interface LogView {
    /**
     * Bytes of data of the entries {@code first..last}, both included.
     *
     * @param first in the log, and not before it begins
     * @param last at or behind {@code first}, not behind what the core has given out in a Ready
     */
    long bytes(long first, long last);
}
