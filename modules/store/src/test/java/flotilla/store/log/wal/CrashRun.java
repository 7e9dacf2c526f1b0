package flotilla.store.log.wal;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.platform.disk.SimulatedDisk.Operation;
import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.wal.Careless.Mistake;
import flotilla.store.log.wal.PromisedLog.Held;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A member's log from its making through appends, snapshots, kills, power cuts and failing disks,
 * all chosen by a seed. Before every single operation of the disk the power is cut on the side, and
 * the log is opened as the machine would find it.
 */
final class CrashRun {
    static final WalOwner OWNER = new WalOwner(0xa1, 0xc1);

    /** Small, so that a run passes several files and most records cross a sector. */
    static final WalOptions OPTIONS = new WalOptions(6_000, 1_024, 3_000);

    private static final int STEPS = 30;
    private static final int KILLED_ONCE_IN = 100;
    private static final int DATA_BYTES = 900;
    private static final ConfState MEMBERS = ConfState.of(0xa1, 0xa2, 0xa3);

    private final SplittableRandom chance;
    private final Mistake mistake;
    private final PromisedLog promised = new PromisedLog();
    private SimulatedDisk disk = new SimulatedDisk();
    private Careless directory;
    private Wal wal;
    private boolean failNextSync;
    private int cuts;

    private CrashRun(long seed, Mistake mistake) throws IOException {
        this.chance = new SplittableRandom(seed);
        this.mistake = mistake;
        this.directory = new Careless(disk.directory("wal"), mistake);
        Wal.create(directory, OWNER, OPTIONS, new SnapshotMark(0, 0, MEMBERS));
        disk.trouble(this::cutOnTheSide);
        reopen();
    }

    /**
     * @return power cuts that it went through
     * @throws AssertionError if a promise was broken, or a whole log was called damaged
     */
    static int run(long seed, Mistake mistake) {
        try {
            CrashRun run = new CrashRun(seed, mistake);
            for (int step = 0; step < STEPS; step++) {
                run.step();
            }
            return run.cuts;
        } catch (IOException | IllegalStateException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    /** The process ended between two operations of the disk. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void step() throws IOException {
        try {
            act();
        } catch (Killed e) {
            kill();
        }
    }

    private void act() throws IOException {
        switch (chance.nextInt(12)) {
            case 0 -> powerCut();
            case 1 -> kill();
            case 2 -> snapshot();
            case 3 -> snapshotOfAnother();
            case 4, 5 -> sync();
            default -> append();
        }
    }

    private void append() throws IOException {
        PromisedLog.Contents now = promised.newest();
        HardState before = now.state();
        boolean newTerm = chance.nextInt(4) == 0;
        long term = Math.max(1, Math.max(before.term(), now.lastTerm()) + (newTerm ? 1 : 0));
        long floor = Math.max(before.commit(), now.begin());
        long first = newTerm ? chance.nextLong(floor, now.last() + 1) + 1 : now.last() + 1;
        List<Entry> batch = new ArrayList<>();
        int size = chance.nextInt(4);
        for (int i = 0; i < size; i++) {
            batch.add(new Entry(first + i, term, Entry.Kind.NORMAL, data()));
        }
        long last = batch.isEmpty() ? now.last() : batch.getLast().index();
        long commit = chance.nextBoolean() ? before.commit() : chance.nextLong(floor, last + 1);
        long vote = term == before.term() && before.vote() != 0 ? before.vote() : chance.nextInt(4);
        HardState state = new HardState(term, vote, Math.max(commit, before.commit()));
        promised.append(batch, state);
        wal.append(batch, state);
    }

    private byte[] data() {
        byte[] data = new byte[chance.nextInt(DATA_BYTES)];
        if (chance.nextInt(4) > 0) {
            chance.nextBytes(data);
        }
        return data;
    }

    private void sync() throws IOException {
        failNextSync = chance.nextInt(8) == 0;
        try {
            wal.sync();
            promised.sync();
        } catch (LogEnded e) {
            // Whoever gets this ends, and here the machine with it: of what the failed sync should
            // have stored nobody knows anything.
            powerCut();
        }
        failNextSync = false;
    }

    /** Own one: nothing of the log changes but its beginning. */
    private void snapshot() throws IOException {
        PromisedLog.Contents now = promised.newest();
        if (now.state().commit() > now.begin()) {
            long index = now.state().commit();
            long term = wal.entries().term(index).orElseThrow();
            release(new SnapshotMark(index, term, MEMBERS));
        }
    }

    /** Of a leader that is far ahead. */
    private void snapshotOfAnother() throws IOException {
        PromisedLog.Contents now = promised.newest();
        if (chance.nextInt(4) == 0) {
            release(
                    new SnapshotMark(
                            now.last() + 1 + chance.nextInt(5),
                            Math.max(1, now.lastTerm()),
                            MEMBERS));
        }
    }

    private void release(SnapshotMark mark) throws IOException {
        promised.mark(mark);
        wal.mark(mark);
        wal.sync();
        promised.sync();
        promised.release(mark.index());
        wal.release(mark.index());
    }

    /** The process ends; the machine, and what it has in memory, stays. */
    private void kill() throws IOException {
        wal.close();
        reopen();
    }

    private void powerCut() throws IOException {
        cuts++;
        disk = disk.afterPowerCut(chance);
        disk.trouble(this::cutOnTheSide);
        directory = new Careless(disk.directory("wal"), mistake);
        reopen();
    }

    private void reopen() throws IOException {
        failNextSync = false;
        Opened opened = null;
        while (opened == null) {
            try {
                directory.opening(true);
                opened = Wal.open(directory, OWNER, OPTIONS);
            } catch (Killed e) {
                cuts++;
            }
        }
        directory.opening(false);
        promised.settleOn(Held.by(opened));
        promised.sync();
        wal = opened.wal();
    }

    private void cutOnTheSide(Operation operation, String file) throws IOException {
        if (operation == Operation.READ || operation == Operation.LIST) {
            return;
        }
        cuts++;
        Careless left = new Careless(disk.afterPowerCut(chance).directory("wal"), mistake);
        left.opening(true);
        try {
            promised.check(
                    mistake == Mistake.CHECKSUMS_NOT_CHECKED
                            ? CredulousReader.read(left)
                            : Held.by(Wal.open(left, OWNER, OPTIONS)));
        } catch (DamagedLog e) {
            throw new AssertionError(e.getMessage(), e);
        }
        if (chance.nextInt(KILLED_ONCE_IN) == 0) {
            throw new Killed();
        }
        if (failNextSync && operation == Operation.SYNC) {
            failNextSync = false;
            throw new IOException("Input/output error");
        }
    }
}
