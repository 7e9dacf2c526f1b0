package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a log has promised so far: what it must hold after any power cut, and the records written
 * since, of which it may hold any number from the first on, each whole.
 */
final class PromisedLog {
    /** What a log holds, as a list of values. */
    static final class Contents {
        private HardState state = HardState.NONE;
        private long begin;
        private final List<Entry> entries = new ArrayList<>();

        private Contents copy() {
            Contents copy = new Contents();
            copy.state = state;
            copy.begin = begin;
            copy.entries.addAll(entries);
            return copy;
        }

        long begin() {
            return begin;
        }

        long last() {
            return begin + entries.size();
        }

        HardState state() {
            return state;
        }

        long lastTerm() {
            return entries.isEmpty() ? 0 : entries.getLast().term();
        }

        private void add(Entry entry) {
            entries.subList((int) (entry.index() - begin - 1), entries.size()).clear();
            entries.add(entry);
        }

        private void mark(SnapshotMark mark) {
            if (mark.index() > last()) {
                entries.clear();
                begin = mark.index();
            }
        }

        /** Nothing if they agree. */
        private @Nullable String difference(Held held) {
            if (!held.state().equals(state)) {
                return "has %s instead of %s".formatted(held.state(), state);
            }
            if (held.last() != last()) {
                return "ends with %d instead of %d".formatted(held.last(), last());
            }
            List<Entry> here = after(Math.max(held.begin(), begin));
            List<Entry> there = held.after(Math.max(held.begin(), begin));
            return there.equals(here) ? null : "holds %s instead of %s".formatted(there, here);
        }

        private List<Entry> after(long index) {
            return entries.subList((int) (index - begin), entries.size());
        }
    }

    /** What a log holds that was read again. */
    record Held(HardState state, long begin, List<Entry> entries) {
        static Held by(Opened opened) throws IOException {
            StoredEntries stored = opened.wal().entries();
            return new Held(
                    opened.state(),
                    stored.begin(),
                    stored.read(stored.begin() + 1, stored.last() + 1, Long.MAX_VALUE));
        }

        long last() {
            return begin + entries.size();
        }

        List<Entry> after(long index) {
            return entries.subList((int) (index - begin), entries.size());
        }
    }

    private final Contents synced = new Contents();
    private final Deque<Consumer<Contents>> written = new ArrayDeque<>();
    private long released;

    void append(List<Entry> entries, HardState state) {
        entries.forEach(entry -> written.add(contents -> contents.add(entry)));
        written.add(contents -> contents.state = state);
    }

    void mark(SnapshotMark mark) {
        written.add(contents -> contents.mark(mark));
    }

    void release(long index) {
        released = Math.max(released, index);
    }

    /** All that was written is promised from now on. */
    void sync() {
        while (!written.isEmpty()) {
            written.remove().accept(synced);
        }
    }

    /** With all that was written. */
    Contents newest() {
        Contents newest = synced.copy();
        written.forEach(record -> record.accept(newest));
        return newest;
    }

    /** Checks a log that was read again; from now on what it holds is what is promised. */
    void settleOn(Held held) {
        int kept = recordsIn(held);
        for (int i = 0; i < kept; i++) {
            written.remove().accept(synced);
        }
        written.clear();
    }

    /**
     * @throws AssertionError if it holds less than was promised, more than was written, or a part
     */
    void check(Held held) {
        recordsIn(held);
    }

    private int recordsIn(Held held) {
        if (held.begin() > Math.max(released, newest().begin())) {
            throw new AssertionError("entries up to %d are gone".formatted(held.begin()));
        }
        Contents some = synced.copy();
        String withNone = some.difference(held);
        Iterator<Consumer<Contents>> records = written.iterator();
        int kept = 0;
        while (some.difference(held) != null) {
            if (!records.hasNext()) {
                throw new AssertionError(
                        "without the %d records that were not synced the log %s, and with the first of them it isn't right either"
                                .formatted(written.size(), withNone));
            }
            records.next().accept(some);
            kept++;
        }
        return kept;
    }
}
