package flotilla.store.log.driver;

import flotilla.raft.Ready.Range;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.store.apply.Applied;
import flotilla.store.apply.Batches;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.UnreadableEntry;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.SnapshotShelf;
import flotilla.store.log.StateMachine;
import flotilla.store.log.wal.StoredEntries;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Applies what is committed, in order, on its own thread, and tells the core's loop how far it has
 * come. What it applies is on this member's disk.
 */
final class Applier {
    /** Read from the log at a time, in bytes. */
    private static final long RUN_BYTES = 1 << 20;

    /** What is told, on the thread that applies. */
    interface Listener {
        /** All up to this entry is applied. */
        void applied(long index, long term, long bytes);

        /** A change of members is applied, and all before it. */
        void changed(long index, ConfChange change);

        /** The state is now that of a checkpoint. */
        void restored(SnapshotMark mark);

        /** This member can't go on. */
        void failed(Throwable cause);
    }

    private final StateMachine machine;
    private final StoredEntries stored;
    private final int reads;
    private final Proposer proposer;
    private final MemberChanges changes;
    private final Executor thread;
    private final Listener listener;

    /** Who waits here for what is applied. */
    record Callers(Proposer proposer, MemberChanges changes) {}

    /**
     * What is applied, and to what.
     *
     * @param reads up to which feature level this member's program reads
     */
    record Work(StateMachine machine, StoredEntries stored, int reads) {}

    Applier(Work work, Callers callers, Executor thread, Listener listener) {
        this.machine = work.machine();
        this.stored = work.stored();
        this.reads = work.reads();
        this.proposer = callers.proposer();
        this.changes = callers.changes();
        this.thread = thread;
        this.listener = listener;
    }

    /** Applies these, after all that was asked for before. */
    void apply(Range range) {
        run(() -> {
            long next = range.first();
            while (next <= range.last()) {
                List<Entry> entries = stored.read(next, range.last() + 1, RUN_BYTES);
                if (entries.isEmpty() && stored.begin() >= next) {
                    return; // A snapshot has taken their place; it is restored behind this.
                }
                if (entries.isEmpty()) {
                    throw new IOException("entry %d is no longer in the log".formatted(next));
                }
                applyAll(entries);
                next += entries.size();
            }
        });
    }

    /** Takes over a checkpoint, after all that was asked for before. */
    void restore(SnapshotShelf shelf, SnapshotMark mark) {
        run(() -> {
            shelf.restore(mark);
            requireReadable();
            listener.restored(mark);
        });
    }

    private interface Step {
        void run() throws IOException;
    }

    private void run(Step step) {
        thread.execute(() -> {
            try {
                step.run();
            } catch (IOException | RuntimeException | Error e) {
                // Going on without an entry would make this member differ from the others.
                listener.failed(e);
            }
        });
    }

    private void applyAll(List<Entry> entries) throws IOException {
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.bytes();
            if (entry.kind().changesMembers()) {
                change(entry);
            } else if (entry.bytes() == 0) {
                machine.skip(entry.index(), entry.term());
            } else {
                apply(entry);
            }
        }
        Entry last = entries.getLast();
        listener.applied(last.index(), last.term(), bytes);
    }

    private void apply(Entry entry) {
        Batch own = proposer.own(entry.data());
        CommandBatch batch = own == null ? parse(entry) : own.commands();
        List<Applied> results = machine.apply(entry.index(), entry.term(), batch);
        requireReadable();
        if (batch.getOrigin() == proposer.origin()) {
            proposer.applied(batch.getNumber(), results);
        }
    }

    /**
     * Durable before anybody hears of it: who hears that two voters became three may lose one of
     * the two for good, and a member that forgot the third in a crash would need its vote for ever.
     */
    private void change(Entry entry) throws IOException {
        ChangeApplied applied = machine.applyChange(entry.index(), entry.term(), entry);
        machine.flush();
        listener.changed(entry.index(), applied.change());
        if (applied.origin() == proposer.origin()) {
            changes.applied(applied.number(), applied.answer());
        }
    }

    /** The level was raised though this member told that it reads less, by an older program. */
    private void requireReadable() {
        FeatureLevel.refusal(machine.level(), reads)
                .ifPresent(why -> {
                    throw new IllegalStateException(why);
                });
    }

    private CommandBatch parse(Entry entry) {
        try {
            return Batches.ofEntry(entry.data(), machine.level());
        } catch (UnreadableEntry e) {
            throw e.stops(entry.index());
        }
    }
}
