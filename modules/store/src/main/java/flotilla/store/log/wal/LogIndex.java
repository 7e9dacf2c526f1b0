package flotilla.store.log.wal;

import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Which entries the log holds, of which terms, and where. Terms are kept as runs and places as one
 * mark each {@value #MARK_BYTES} bytes, from which a reader goes on to the entry it wants; so what
 * this takes in memory grows with the log's bytes, and hardly, not with its entries.
 *
 * <p>Between two marks the live entries stand one after the other: each entry that doesn't follow
 * the one written before it has a mark of its own, and each first of a file.
 */
final class LogIndex {
    /** Of log between two marks, in bytes: the most a reader reads in vain. */
    static final long MARK_BYTES = 64 << 10;

    private final NavigableMap<Long, Place> marks = new TreeMap<>();
    private final NavigableMap<Long, Long> terms = new TreeMap<>();
    private long begin;
    private long last;

    /**
     * A log that goes on from an entry which it doesn't hold.
     *
     * @param term of that entry; 0 if only later records will tell, unless {@code index} is 0
     */
    LogIndex(long index, long term) {
        restart(index, term);
    }

    /** What was there no longer counts: the log goes on from this entry. */
    private void restart(long index, long term) {
        marks.clear();
        terms.clear();
        begin = index;
        last = index;
        if (term > 0 || index == 0) {
            terms.put(index, term);
        }
    }

    /**
     * A snapshot is there of everything up to an entry. If the log doesn't hold that entry, it goes
     * on from it; a snapshot from before the log's beginning changes nothing.
     *
     * @return whether what the log held no longer counts
     */
    boolean mark(long index, long term) {
        OptionalLong held = term(index);
        if (index < begin || (held.isPresent() && held.getAsLong() == term)) {
            return false;
        }
        restart(index, term);
        return true;
    }

    /** The entry from which the log goes on; the first that can be read comes after it. */
    long begin() {
        return begin;
    }

    /** The last entry, or {@link #begin} if there is none after it. */
    long last() {
        return last;
    }

    /** Nothing where it isn't known, because the entry is released or not there yet. */
    OptionalLong term(long index) {
        if (index < begin || index > last) {
            return OptionalLong.empty();
        }
        Map.Entry<Long, Long> run = terms.floorEntry(index);
        return run == null ? OptionalLong.empty() : OptionalLong.of(run.getValue());
    }

    /**
     * An entry was written. One that is there already, and all after it, no longer count.
     *
     * @throws IllegalArgumentException if it leaves a gap
     */
    void append(long index, long term, Place place) {
        if (index > last + 1) {
            throw new IllegalArgumentException(
                    "entry %d can't follow entry %d".formatted(index, last));
        }
        if (index <= begin || term(begin).isEmpty()) {
            // The oldest file there is begins in the middle: of the entry before it nothing is
            // known, so that the log can go on from this one, but not hold it.
            restart(index, term);
            return;
        }
        boolean follows = index > last;
        if (!follows) {
            marks.tailMap(index, true).clear();
            terms.tailMap(index, true).clear();
        }
        Map.Entry<Long, Place> mark = marks.lastEntry();
        if (!follows || mark == null || isFar(mark.getValue(), place)) {
            marks.put(index, place);
        }
        if (terms.lastEntry().getValue() != term) {
            terms.put(index, term);
        }
        last = index;
    }

    private static boolean isFar(Place from, Place to) {
        return from.segment() != to.segment() || to.offset() - from.offset() >= MARK_BYTES;
    }

    /** Where to begin to read in order to find an entry that the log holds. */
    Place placeOf(long index) {
        return marks.floorEntry(index).getValue();
    }

    /** The first entry after this one that must be looked for anew. */
    long endOfRun(long index) {
        Long next = marks.higherKey(index);
        return next == null ? last + 1 : next;
    }

    /** Files before this one are gone, and the entries in them. */
    void release(long segment) {
        while (!marks.isEmpty() && marks.firstEntry().getValue().segment() < segment) {
            marks.pollFirstEntry();
        }
        long kept = marks.isEmpty() ? last + 1 : marks.firstKey();
        if (kept - 1 <= begin) {
            return;
        }
        long term = terms.floorEntry(kept - 1).getValue();
        begin = kept - 1;
        terms.headMap(begin, true).clear();
        terms.put(begin, term);
    }
}
