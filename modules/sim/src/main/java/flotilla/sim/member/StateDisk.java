package flotilla.sim.member;

import flotilla.raft.log.SnapshotMark;
import flotilla.sim.world.Machine;
import flotilla.store.apply.mvcc.Backend.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a machine keeps of the replicated state: the database, of which a crash takes the newest
 * writes, whole ones only, and the checkpoints that were finished.
 */
public final class StateDisk implements Machine.Durable {
    /** After so many writes the database makes what it has durable by itself. */
    private static final int WRITES_IN_MEMORY = 500;

    private final Machine machine;
    private final Map<Long, Checkpoint> checkpoints = new TreeMap<>();
    private final List<List<Change>> unflushed = new ArrayList<>();
    private List<Change> flushed = List.of();

    /** Of which checkpoints a byte is not what it was. */
    private final Set<Long> damaged = new TreeSet<>();

    /** A checkpoint, whole. */
    record Checkpoint(SnapshotMark mark, List<Change> contents) {}

    public StateDisk(Machine machine) {
        this.machine = machine;
        machine.keep(this);
    }

    /** What the database holds, as a process finds it that starts. */
    List<Change> contents() {
        List<Change> all = new ArrayList<>(flushed);
        unflushed.forEach(all::addAll);
        return all;
    }

    /** The database wrote something. */
    void wrote(List<Change> changes) {
        unflushed.add(changes);
    }

    boolean shouldFlush() {
        return unflushed.size() >= WRITES_IN_MEMORY;
    }

    /** All that was written is durable, and comes to this. */
    void flushed(List<Change> contents) {
        machine.mayCrash("flush");
        flushed = contents;
        unflushed.clear();
        machine.mayCrash("flushed");
    }

    @Override
    public void crashed() {
        int kept = machine.world().random().nextInt(unflushed.size() + 1);
        unflushed.subList(kept, unflushed.size()).clear();
    }

    void put(Checkpoint checkpoint) throws IOException {
        machine.mayCrash("checkpoint");
        if (machine.isFull()) {
            throw new IOException("No space left on device");
        }
        checkpoints.put(checkpoint.mark().index(), checkpoint);
        damaged.remove(checkpoint.mark().index());
        machine.mayCrash("checkpoint taken");
    }

    @Nullable Checkpoint checkpoint(long index) {
        return checkpoints.get(index);
    }

    /** A byte of one of them turns into another. */
    void damage() {
        List<Long> all = List.copyOf(checkpoints.keySet());
        if (!all.isEmpty()) {
            damaged.add(all.get(machine.world().random().nextInt(all.size())));
        }
    }

    boolean isDamaged() {
        return !damaged.isEmpty();
    }

    boolean isDamaged(long index) {
        return damaged.contains(index);
    }

    /** They are put back as they were. */
    void mend() {
        damaged.clear();
    }

    void drop(long index) {
        checkpoints.remove(index);
        damaged.remove(index);
    }

    List<SnapshotMark> marks() {
        return checkpoints.values().stream().map(Checkpoint::mark).toList();
    }

    /** A new disk in place of this one. */
    public void wipe() {
        checkpoints.clear();
        damaged.clear();
        unflushed.clear();
        flushed = List.of();
    }
}
