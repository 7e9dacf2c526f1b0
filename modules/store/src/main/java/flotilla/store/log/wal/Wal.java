package flotilla.store.log.wal;

import flotilla.platform.disk.Directory;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member's Raft log on its disk, in the format of etcd's write-ahead log: a row of files of
 * records, each with a checksum over all before it. One thread writes; {@link #entries} are read by
 * any. Whoever writes keeps the order of etcd's driver:
 *
 * <ol>
 *   <li>{@link #append} what the core wants stored, as one batch or several;
 *   <li>{@link #sync} if there were entries, or term or vote changed; then, and only then, send
 *       what depends on it;
 *   <li>of a snapshot: first the snapshot itself to the disk, then {@link #mark}, {@link #sync},
 *       then apply it, then {@link #release} what is before it.
 * </ol>
 *
 * <p>The first {@link IOException} of a writing method is the end of this log, {@link LogEnded}:
 * the process that has it must end too. The thread that writes is never interrupted.
 */
public final class Wal implements Closeable {
    /** The term of {@link SnapshotMark#beginning}. */
    private static final long FIRST_TERM = 1;

    private final Home home;
    private final StoredEntries entries;
    private Tail tail;
    private HardState state;
    private @Nullable LogEnded ended;

    /** Where a log is, whose, and how large its parts are. */
    record Home(Directory directory, WalOwner owner, WalOptions options) {
        /** A new file with its head, under a name that isn't the log's yet. */
        Tail begin(SegmentName name, int chain) throws IOException {
            String unfinished = name + SegmentName.UNFINISHED;
            Segment segment =
                    new Segment(
                            name, directory.create(unfinished), directory.place(name.toString()));
            Tail tail = new Tail(segment, options, chain);
            tail.head(owner);
            return tail;
        }

        /** The file is a part of the log, for good, when this returns. */
        void publish(Tail tail) throws IOException {
            String name = tail.segment().name().toString();
            tail.flush();
            tail.sync();
            directory.rename(name + SegmentName.UNFINISHED, name);
            directory.sync();
        }
    }

    Wal(Home home, StoredEntries entries, Tail tail, HardState state) {
        this.home = home;
        this.entries = entries;
        this.tail = tail;
        this.state = state;
    }

    /** Whether there is a log, or a part of one, in a directory. */
    public static boolean exists(Directory directory) throws IOException {
        return !Opening.names(directory).isEmpty();
    }

    /**
     * Makes the log of a new member. It is there, for good, when this returns; if the power fails
     * before, it is there or it is not.
     *
     * @param beginning the state from which it goes on
     */
    public static void create(
            Directory directory, WalOwner owner, WalOptions options, SnapshotMark beginning)
            throws IOException {
        if (exists(directory)) {
            throw new IOException(
                    "there is a log in %s already, and it is not replaced"
                            .formatted(directory.place("")));
        }
        Home home = new Home(directory, owner, options);
        String unfinished = SegmentName.FIRST + SegmentName.UNFINISHED;
        if (directory.names().contains(unfinished)) {
            directory.delete(unfinished);
        }
        Tail tail = home.begin(SegmentName.FIRST, 0);
        tail.add(beginning);
        home.publish(tail);
        tail.segment().file().close();
    }

    /**
     * Reads the log that is there. Blocks for as long as the disk takes to read it all.
     *
     * @throws DamagedLog if something is missing that was on the disk once; nothing was changed
     *     then
     */
    public static Opened open(Directory directory, WalOwner owner, WalOptions options)
            throws IOException {
        return Opening.open(directory, owner, options);
    }

    /** What is stored, for any thread to read. */
    public StoredEntries entries() {
        return entries;
    }

    /** Where the log is, as a person should read it. */
    public String place() {
        return home.directory().place("");
    }

    /**
     * Writes entries, and the hard state if it changed. Not durable before {@link #sync} returns: a
     * power cut may leave any number of the records, but none without those before it.
     *
     * @param batch without a gap; the first follows the last that is stored, or takes its place or
     *     an earlier one's, and then those from there on no longer count
     * @param next the member's hard state as of this batch
     */
    public void append(List<Entry> batch, HardState next) throws IOException {
        StoredOrder.check(entries, state, batch, next);
        attempt(
                "write to " + tail.segment().place(),
                () -> {
                    tail.markSync();
                    List<Place> places = new ArrayList<>(batch.size());
                    for (Entry entry : batch) {
                        places.add(tail.end());
                        tail.add(entry);
                    }
                    if (!next.equals(state)) {
                        tail.add(next);
                    }
                    tail.flush();
                    state = next;
                    entries.append(batch, places);
                });
        cutIfFull();
    }

    /**
     * Writes that a snapshot is on the disk. If it holds more than the log, or something else, the
     * log goes on from it, and what is before it can no longer be read.
     */
    public void mark(SnapshotMark mark) throws IOException {
        attempt(
                "write to " + tail.segment().place(),
                () -> {
                    tail.markSync();
                    tail.add(mark);
                    tail.flush();
                    entries.mark(mark);
                });
        cutIfFull();
    }

    /**
     * Writes, if nothing but its beginning is in the log, that its member takes part from now on:
     * the term in which it begins, or the first of all for one that joins with nothing. One that
     * finds nothing at all has never spoken to anybody.
     */
    public void begin() throws IOException {
        if (state.equals(HardState.NONE)) {
            long term = Math.max(FIRST_TERM, entries.term(entries.begin()).orElse(0));
            append(List.of(), new HardState(term, 0, entries.begin()));
            sync();
        }
    }

    /** Everything that was written is on the disk when this returns. */
    public void sync() throws IOException {
        attempt("force " + tail.segment().place() + " to the disk", () -> tail.sync());
    }

    /**
     * Deletes the files of which nothing but entries up to this one is left. That entry stays, and
     * so a log can always go on from it.
     *
     * @param index at most the last entry that is in a snapshot on the disk
     */
    public void release(long index) throws IOException {
        List<Segment> files = entries.segments();
        for (int i = 0;
                i + 1 < files.size() && files.get(i + 1).name().firstIndex() <= index;
                i++) {
            Segment oldest = files.get(i);
            attempt(
                    "delete " + oldest.place(),
                    () -> {
                        entries.releaseOldest();
                        oldest.file().close();
                        home.directory().delete(oldest.name().toString());
                        // One by one: the names must go in order, or a power cut leaves a gap.
                        home.directory().sync();
                    });
        }
    }

    private void cutIfFull() throws IOException {
        if (tail.end().offset() >= home.options().segmentBytes()) {
            SegmentName name = new SegmentName(tail.segment().number() + 1, entries.last() + 1);
            attempt("begin " + home.directory().place(name.toString()), () -> cut(name));
        }
    }

    /** From a file that is full, and on the disk, to the next. */
    private void cut(SegmentName name) throws IOException {
        tail.sync();
        Tail next = home.begin(name, tail.end().chain());
        next.add(state);
        home.publish(next);
        tail.seal();
        tail.flush();
        tail.sync();
        tail = next;
        entries.add(next.segment());
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void attempt(String what, Step step) throws IOException {
        if (ended != null) {
            throw ended;
        }
        try {
            step.run();
        } catch (IOException e) {
            ended = new LogEnded(what, e);
            throw ended;
        }
    }

    /** Closes the files. What was not synced is on the disk, or not. */
    @Override
    public void close() throws IOException {
        for (Segment segment : entries.segments()) {
            segment.file().close();
        }
    }
}
