package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import java.util.List;

/**
 * The newest entries, in one unbroken row that ends with the log, as many as a budget allows. A row
 * that is asked for what it hasn't got simply hasn't got it.
 */
final class RecentEntries {
    /** Of an entry beside its data, in bytes: two objects and their place in the row. */
    private static final long ENTRY_BYTES = 64;

    private final long budget;
    private Entry[] row = new Entry[64];
    private long first = 1;
    private long end = 1;
    private long bytes;

    RecentEntries(long budgetBytes) {
        this.budget = budgetBytes;
    }

    boolean has(long index) {
        return index >= first && index < end;
    }

    Entry get(long index) {
        return row[slot(index)];
    }

    /** The row ends with this one, whatever it held at its place and after it. */
    void add(Entry entry) {
        truncate(entry.index());
        if (entry.index() != end) {
            clear(entry.index());
        }
        if (end - first == row.length) {
            grow();
        }
        row[slot(end++)] = entry;
        bytes += cost(entry);
        while (bytes > budget && first < end) {
            drop(first++);
        }
    }

    void addAll(List<Entry> entries) {
        entries.forEach(this::add);
    }

    /** Forgets this entry and all after it. */
    private void truncate(long index) {
        while (end > first && end > index) {
            drop(--end);
        }
    }

    /** Forgets everything; the row goes on with this entry. */
    void clear(long next) {
        while (first < end) {
            drop(first++);
        }
        first = next;
        end = next;
    }

    @SuppressWarnings("NullAway") // a slot outside of the row is never read
    private void drop(long index) {
        bytes -= cost(get(index));
        row[slot(index)] = null;
    }

    private void grow() {
        Entry[] larger = new Entry[row.length * 2];
        for (long index = first; index < end; index++) {
            larger[(int) (index & larger.length - 1)] = get(index);
        }
        row = larger;
    }

    private int slot(long index) {
        return (int) (index & row.length - 1);
    }

    private static long cost(Entry entry) {
        return ENTRY_BYTES + entry.bytes();
    }
}
