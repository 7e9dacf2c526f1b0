package flotilla.store.log.driver;

import flotilla.raft.log.Entry;
import java.util.Arrays;

/**
 * How large the entries of the log are: eight bytes for each, so that the size of any stretch is
 * one subtraction.
 */
final class Sizes {
    /** For each entry behind {@link #base}: bytes of all up to it, from some origin. */
    private long[] ends = new long[1_024];

    private int count;
    private long base;
    private long baseEnd;

    /** A log that goes on after this entry. */
    Sizes(long base) {
        this.base = base;
    }

    long last() {
        return base + count;
    }

    /** One behind the last, or one that takes the place of an entry and all behind it. */
    void append(Entry entry) {
        if (entry.index() <= base || entry.index() > last() + 1) {
            throw new IllegalStateException(
                    "%s can't stand in a log of %d..%d".formatted(entry, base + 1, last()));
        }
        count = (int) (entry.index() - base - 1);
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[count] = end(entry.index() - 1) + entry.bytes();
        count++;
    }

    /** What was there no longer counts: the log goes on after this entry. */
    void restart(long index) {
        base = index;
        baseEnd = 0;
        count = 0;
    }

    /** Forgets the entries up to this one. */
    void compactTo(long index) {
        int dropped = (int) (Math.min(index, last()) - base);
        if (dropped > 0) {
            baseEnd = end(base + dropped);
            System.arraycopy(ends, dropped, ends, 0, count - dropped);
            count -= dropped;
            base += dropped;
        }
    }

    /** Bytes of the entries {@code first..last}, both included and both in the log. */
    long bytes(long first, long last) {
        return end(last) - end(first - 1);
    }

    private long end(long index) {
        return index == base ? baseEnd : ends[(int) (index - base - 1)];
    }
}
