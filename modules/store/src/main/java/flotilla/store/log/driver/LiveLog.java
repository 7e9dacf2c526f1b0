package flotilla.store.log.driver;

import flotilla.raft.log.Entry;
import flotilla.raft.log.LogView;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.log.wal.StoredEntries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log as the core has it: what is stored, and behind it what is still on its way to the disk
 * and therefore kept here. Belongs to the core's loop.
 */
final class LiveLog implements LogView {
    private final StoredEntries stored;
    private final Sizes sizes;

    /** Without a gap; the last is the log's last. */
    private final List<Entry> unstored = new ArrayList<>();

    /**
     * @param sizes of all that is stored
     */
    LiveLog(StoredEntries stored, Sizes sizes) {
        this.stored = stored;
        this.sizes = sizes;
    }

    @Override
    public long bytes(long first, long last) {
        return sizes.bytes(first, last);
    }

    long last() {
        return sizes.last();
    }

    /** Takes in what a step of the core appended. */
    void take(@Nullable SnapshotMark install, List<Entry> entries) {
        if (install != null) {
            sizes.restart(install.index());
            unstored.clear();
        }
        if (entries.isEmpty()) {
            return;
        }
        long first = entries.getFirst().index();
        while (!unstored.isEmpty() && unstored.getLast().index() >= first) {
            unstored.removeLast();
        }
        for (Entry entry : entries) {
            sizes.append(entry);
            unstored.add(entry);
        }
    }

    /**
     * These were written, in this order. Those that others have replaced meanwhile stay out, be
     * they equal to them: what stands here now is still to be written.
     */
    @SuppressWarnings("ReferenceEquality")
    void written(List<Entry> entries) {
        int known = 0;
        for (Entry entry : entries) {
            if (known < unstored.size() && unstored.get(known) == entry) {
                known++;
            }
        }
        unstored.subList(0, known).clear();
    }

    /** The core has forgotten the entries up to this one. */
    void compactTo(long index) {
        sizes.compactTo(index);
    }

    /** The entries {@code first..last} if none of them must be asked of the disk. */
    Optional<List<Entry>> inMemory(long first, long last) {
        long firstUnstored = unstored.isEmpty() ? Long.MAX_VALUE : unstored.getFirst().index();
        if (first >= firstUnstored) {
            return Optional.of(unstored(first, last));
        }
        Optional<List<Entry>> older = stored.recent(first, Math.min(last + 1, firstUnstored));
        if (older.isPresent() && last >= firstUnstored) {
            List<Entry> all = new ArrayList<>(older.get());
            all.addAll(unstored(firstUnstored, last));
            return Optional.of(all);
        }
        return older;
    }

    /** Of the entries {@code first..last} those that only stand here. */
    List<Entry> unstored(long first, long last) {
        if (unstored.isEmpty() || last < unstored.getFirst().index()) {
            return List.of();
        }
        long begin = unstored.getFirst().index();
        int from = (int) (Math.max(first, begin) - begin);
        return List.copyOf(unstored.subList(from, (int) (last - begin + 1)));
    }
}
