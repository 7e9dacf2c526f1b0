package flotilla.raft.sim;

import flotilla.raft.Ready;
import flotilla.raft.Restored;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.LogOutline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk with a write cache. Writes end in order. In a crash those that had not ended are lost or
 * not, but never a later one without those before it; of the last, entries may be there without the
 * hard state that came behind them.
 */
final class ModelDisk {
    /**
     * @param snapshot takes the place of all before
     * @param hardState null if none was written
     */
    private record Write(
            long number,
            @Nullable State snapshot,
            List<Entry> entries,
            @Nullable HardState hardState) {}

    private final Deque<Write> pending = new ArrayDeque<>();
    private HardState hardState;
    // What the state machine had flushed, with its members; the log begins behind base.
    private State flushed;
    private State base;
    private final List<Entry> entries = new ArrayList<>();

    ModelDisk(State beginning) {
        flushed = beginning;
        base = beginning;
        hardState = new HardState(beginning.term(), 0, beginning.index());
    }

    void write(Ready ready, @Nullable State snapshot) {
        if (ready.sync() || ready.hardState() != null) {
            pending.addLast(new Write(ready.write(), snapshot, ready.entries(), ready.hardState()));
        }
    }

    boolean busy() {
        return !pending.isEmpty();
    }

    /**
     * Ends up to {@code count} writes.
     *
     * @return number of the last that ended
     */
    long finish(int count) {
        long number = 0;
        for (int i = 0; i < count && !pending.isEmpty(); i++) {
            Write write = pending.removeFirst();
            land(write);
            number = write.number;
        }
        return number;
    }

    /** The power goes. */
    void crash(Random random) {
        int survive = random.nextInt(pending.size() + 1);
        for (int i = 0; i < survive; i++) {
            land(pending.removeFirst());
        }
        Write torn = pending.pollFirst();
        if (torn != null && torn.snapshot == null && random.nextBoolean()) {
            int part = random.nextInt(torn.entries.size() + 1);
            land(new Write(torn.number, null, torn.entries.subList(0, part), null));
        }
        pending.clear();
    }

    private void land(Write write) {
        if (write.snapshot != null) {
            entries.clear();
            base = write.snapshot;
            flushed = write.snapshot;
        }
        for (Entry entry : write.entries) {
            while (!entries.isEmpty() && entries.getLast().index() >= entry.index()) {
                entries.removeLast();
            }
            entries.add(entry);
        }
        if (write.hardState != null) {
            hardState = write.hardState;
        }
    }

    /** The state machine's data is on disk as of now. */
    void flush(State state) {
        if (state.index() > flushed.index()) {
            flushed = state;
        }
    }

    /**
     * Drops entries that the flushed state holds.
     *
     * @return the index up to which
     */
    long compact(long upTo) {
        State to = flushed;
        while (!entries.isEmpty() && entries.getFirst().index() <= Math.min(upTo, to.index())) {
            Entry first = entries.removeFirst();
            // Members and hash of the base are never used: the state machine's own are.
            base = new State(first.index(), first.term(), to.members(), 0);
        }
        return base.index();
    }

    HardState hardState() {
        return hardState;
    }

    State flushed() {
        return flushed;
    }

    State base() {
        return base;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Whether it holds this entry: on disk itself or within the base. */
    boolean holds(long index, long term) {
        if (index <= base.index()) {
            return true;
        }
        long place = index - base.index() - 1;
        return place < entries.size() && entries.get((int) place).term() == term;
    }

    Restored restore() {
        LogOutline outline = new LogOutline(base.mark());
        entries.forEach(outline::append);
        return new Restored(hardState, outline, flushed.index(), flushed.members());
    }
}
