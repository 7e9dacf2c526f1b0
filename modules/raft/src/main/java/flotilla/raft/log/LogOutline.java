package flotilla.raft.log;

import java.util.ArrayList;
import java.util.List;

/**
 * What the core knows of the log without its entries: where it begins and ends, which term each
 * index has, and where the members change. Terms never shrink along a log, so they are kept as
 * runs: a log of a million entries under five leaders is five numbers. The entries stay with the
 * driver.
 *
 * <p>While it starts a driver builds one by {@linkplain #append reading its log once through}.
 * Afterwards the core owns it.
 */
public final class LogOutline {
    private record Run(long first, long term) {}

    private long baseIndex;
    private long baseTerm;
    private long lastIndex;
    // Ascending; the first begins at baseIndex + 1 or before.
    private final List<Run> runs = new ArrayList<>();
    private final List<Long> changes = new ArrayList<>();

    /** A log without entries that goes on where a snapshot ends. */
    public LogOutline(SnapshotMark base) {
        restart(base);
    }

    /**
     * Adds an entry behind the last. One whose index is there already takes its place, and all
     * behind it go: so a log on disk is read, later records win.
     *
     * @throws BrokenInvariant if it leaves a gap, or its term is below that of the one before
     */
    public void append(Entry entry) {
        if (entry.index() <= lastIndex) {
            cutFrom(entry.index());
        }
        long lastTerm = lastTerm();
        if (entry.index() != lastIndex + 1 || entry.term() < lastTerm) {
            throw new BrokenInvariant(
                    "entry %d/%d cannot follow %d/%d"
                            .formatted(entry.index(), entry.term(), lastIndex, lastTerm));
        }
        if (runs.isEmpty() || entry.term() != lastTerm) {
            runs.add(new Run(entry.index(), entry.term()));
        }
        if (entry.kind().changesMembers()) {
            changes.add(entry.index());
        }
        lastIndex = entry.index();
    }

    /** Drops the entries from {@code index} on: a leader has others. */
    public void cutFrom(long index) {
        if (index <= baseIndex) {
            throw new BrokenInvariant(
                    "entries from %d on are to go, but a snapshot holds all up to %d"
                            .formatted(index, baseIndex));
        }
        lastIndex = Math.min(lastIndex, index - 1);
        while (!runs.isEmpty() && runs.getLast().first > lastIndex) {
            runs.removeLast();
        }
        while (!changes.isEmpty() && changes.getLast() > lastIndex) {
            changes.removeLast();
        }
    }

    /**
     * Drops the entries up to and including {@code index}, which a snapshot holds.
     *
     * @return whether there was anything to drop
     */
    public boolean compactTo(long index) {
        if (index <= baseIndex || index > lastIndex) {
            return false;
        }
        baseTerm = termAt(index);
        baseIndex = index;
        while (runs.size() > 1 && runs.get(1).first <= index + 1) {
            runs.removeFirst();
        }
        if (index == lastIndex) {
            runs.clear();
        }
        changes.removeIf(change -> change <= index);
        return true;
    }

    /** Forgets all entries: the log goes on where {@code mark} ends. */
    public void restart(SnapshotMark mark) {
        baseIndex = mark.index();
        baseTerm = mark.term();
        lastIndex = baseIndex;
        runs.clear();
        changes.clear();
    }

    /** The index before the first entry; all up to it is in a snapshot. */
    public long baseIndex() {
        return baseIndex;
    }

    public long lastIndex() {
        return lastIndex;
    }

    /** Term of the last entry, or of the snapshot if there is none. */
    public long lastTerm() {
        return runs.isEmpty() ? baseTerm : runs.getLast().term;
    }

    /** Whether the term at an index is known: from the base to the last. */
    public boolean knows(long index) {
        return index >= baseIndex && index <= lastIndex;
    }

    /** Term of the entry at {@code index}, which must be {@linkplain #knows known}. */
    public long termAt(long index) {
        if (!knows(index)) {
            throw new BrokenInvariant(
                    "the term at %d was asked of a log of %d..%d"
                            .formatted(index, baseIndex + 1, lastIndex));
        }
        return index == baseIndex ? baseTerm : runs.get(runOf(index)).term;
    }

    /** Whether the log has this very entry. */
    public boolean matches(long index, long term) {
        return knows(index) && termAt(index) == term;
    }

    /**
     * The largest index up to {@code from} whose term is at most {@code term}: where two logs that
     * differ at {@code from} may agree at best. By it both sides skip whole terms (thesis 3.5;
     * raft.md scenario 21). The base, if there is none: it is committed.
     */
    public long lastWithTermAtMost(long term, long from) {
        if (from > lastIndex) {
            return lastWithTermAtMost(term, lastIndex);
        }
        for (long index = from; index > baseIndex; ) {
            Run run = runs.get(runOf(index));
            if (run.term <= term) {
                return index;
            }
            index = run.first - 1;
        }
        return Math.min(from, baseIndex);
    }

    /** Whether the members change within {@code first..last}. */
    public boolean changesMembers(long first, long last) {
        return changes.stream().anyMatch(change -> change >= first && change <= last);
    }

    /**
     * The last change of members but one; 0 if there are fewer than two. It is committed: a leader
     * proposes a change only after it has applied the one before.
     */
    public long lastChangeButOne() {
        return changes.size() < 2 ? 0 : changes.get(changes.size() - 2);
    }

    private int runOf(long index) {
        // From the end: what is asked about is nearly always near the end.
        int run = runs.size() - 1;
        while (runs.get(run).first > index) {
            run--;
        }
        return run;
    }

    @Override
    public String toString() {
        return "LogOutline[%d/%d..%d/%d]".formatted(baseIndex, baseTerm, lastIndex, lastTerm());
    }
}
