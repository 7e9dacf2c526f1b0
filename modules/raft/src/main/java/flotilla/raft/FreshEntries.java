package flotilla.raft;

import flotilla.raft.log.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The entries of the step under way, which the driver's log has yet to see, and their sizes. */
final class FreshEntries {
    private final List<Entry> entries = new ArrayList<>();
    // Bytes of the first i entries.
    private long[] bytesUpTo = new long[16];

    /** Adds one; if one of its index is there, that one and those behind it go. */
    void add(Entry entry) {
        if (!entries.isEmpty()) {
            long place = Math.max(0, entry.index() - entries.getFirst().index());
            while (entries.size() > place) {
                entries.removeLast();
            }
        }
        entries.add(entry);
        if (entries.size() == bytesUpTo.length) {
            bytesUpTo = Arrays.copyOf(bytesUpTo, bytesUpTo.length * 2);
        }
        bytesUpTo[entries.size()] = bytesUpTo[entries.size() - 1] + entry.bytes();
    }

    void clear() {
        entries.clear();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Index of the first; beyond any log if there is none. */
    long first() {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.getFirst().index();
    }

    /** Bytes of {@code from..to}, all of them fresh. */
    long bytes(long from, long to) {
        int start = (int) (from - first());
        return bytesUpTo[(int) (to - first()) + 1] - bytesUpTo[start];
    }

    List<Entry> list() {
        return List.copyOf(entries);
    }
}
