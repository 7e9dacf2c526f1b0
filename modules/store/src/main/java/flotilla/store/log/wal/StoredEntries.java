package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The log as it can be read: any thread may, while another writes. The lock is held to look up and
 * never while a disk is asked, so that nobody who reads waits for a write or an fsync.
 *
 * <p>An entry can be read as soon as it was written; it is durable when the writer's sync returned.
 */
public final class StoredEntries {
    private final LogIndex index;
    private final RecentEntries recent;
    private final NavigableMap<Long, Segment> segments = new TreeMap<>();

    StoredEntries(LogIndex index, RecentEntries recent, List<Segment> files) {
        this.index = index;
        this.recent = recent;
        files.forEach(this::add);
    }

    /** The entry from which the log goes on: the first that can be read is the next. */
    public synchronized long begin() {
        return index.begin();
    }

    /** The last entry; {@link #begin} if there is none after that. */
    public synchronized long last() {
        return index.last();
    }

    /** Of each entry from {@link #begin} to {@link #last}; nothing for others. Asks no disk. */
    public synchronized OptionalLong term(long entry) {
        return index.term(entry);
    }

    /**
     * Entries from one to another, in order and without a gap, as many as a budget allows, but one
     * at least. Asks the disk for what isn't recent.
     *
     * @param from the first that is wanted
     * @param end the first that is not
     * @param budgetBytes of data
     * @return nothing if the first was released, or isn't there yet
     * @throws DamagedLog if the disk has something else than what was written; it must end the
     *     member, as if the log had been found so when it was opened
     */
    public List<Entry> read(long from, long end, long budgetBytes) throws IOException {
        List<Entry> found = new ArrayList<>();
        long left = budgetBytes;
        long next = from;
        while (next < end && (found.isEmpty() || left > 0)) {
            List<Entry> some = readRun(next, end, left);
            if (some.isEmpty()) {
                break;
            }
            for (Entry entry : some) {
                left -= entry.bytes();
                if (left < 0 && !found.isEmpty()) {
                    return found;
                }
                found.add(entry);
            }
            next += some.size();
        }
        return found;
    }

    /** Some of the entries from one on, from where they stand together. */
    private List<Entry> readRun(long from, long end, long budgetBytes) throws IOException {
        Run run;
        synchronized (this) {
            if (from <= index.begin() || from > index.last()) {
                return List.of();
            }
            if (recent.has(from)) {
                return recent(from, Math.min(end, index.last() + 1), budgetBytes);
            }
            Place place = index.placeOf(from);
            Segment segment = segments.get(place.segment());
            if (segment == null) {
                throw new IllegalStateException("no file " + place + " for entry " + from);
            }
            run = new Run(segment, place, from, Math.min(end, index.endOfRun(from)));
        }
        try {
            return run.read(budgetBytes);
        } catch (ClosedChannelException e) {
            if (from <= begin()) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * Entries from one to another, in order and without a gap, if all of them are recent. Asks no
     * disk.
     *
     * @param from the first that is wanted
     * @param end the first that is not
     */
    public synchronized Optional<List<Entry>> recent(long from, long end) {
        boolean all = from < end && recent.has(from) && recent.has(end - 1);
        return all ? Optional.of(recent(from, end, Long.MAX_VALUE)) : Optional.empty();
    }

    private List<Entry> recent(long from, long end, long budgetBytes) {
        List<Entry> found = new ArrayList<>();
        long left = budgetBytes;
        for (long next = from; next < end && (left > 0 || found.isEmpty()); next++) {
            Entry entry = recent.get(next);
            found.add(entry);
            left -= entry.bytes();
        }
        return found;
    }

    synchronized void append(List<Entry> entries, List<Place> places) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            index.append(entry.index(), entry.term(), places.get(i));
        }
        recent.addAll(entries);
    }

    /** A snapshot is marked; if it isn't of this log, the log goes on from it. */
    synchronized void mark(SnapshotMark mark) {
        if (index.mark(mark.index(), mark.term())) {
            recent.clear(mark.index() + 1);
        }
    }

    synchronized void add(Segment segment) {
        segments.put(segment.number(), segment);
    }

    synchronized List<Segment> segments() {
        return List.copyOf(segments.values());
    }

    /** Its entries are no longer read; the caller closes and deletes it. */
    synchronized void releaseOldest() {
        segments.pollFirstEntry();
        index.release(segments.firstKey());
    }

    /** Live entries that stand in one file, with nothing among them that no longer counts. */
    private record Run(Segment segment, Place place, long from, long end) {
        List<Entry> read(long budgetBytes) throws IOException {
            RecordReader reader = RecordReader.from(segment.file(), place.offset(), place.chain());
            List<Entry> found = new ArrayList<>();
            long left = budgetBytes;
            while (from + found.size() < end && (left > 0 || found.isEmpty())) {
                Reading reading = reader.next();
                if (!(reading instanceof Reading.Whole record)) {
                    throw DamagedLog.at(
                            segment.place(),
                            reading.offset(),
                            "entry %d can't be read any more: %s"
                                    .formatted(from + found.size(), what(reading)));
                }
                if (record.type() != RecordType.ENTRY) {
                    continue;
                }
                Entry entry = Payload.entry(record);
                if (entry.index() >= from) {
                    found.add(entry);
                    left -= entry.bytes();
                }
            }
            return found;
        }

        private static String what(Reading reading) {
            return reading instanceof Reading.Broken broken
                    ? broken.what()
                    : "nothing is written here";
        }
    }
}
