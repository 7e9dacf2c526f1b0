package flotilla.sim.world;

import flotilla.platform.disk.SimulatedDisk;
import flotilla.platform.disk.SimulatedDisk.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine: a disk, a clock of its own, and at most one process. A crash ends the process between
 * any two operations on the disk; a power cut also takes what was not synced.
 */
public final class Machine {
    private final World world;
    private final int number;
    private final List<Durable> durables = new ArrayList<>();
    private SimulatedDisk disk = new SimulatedDisk();
    private @Nullable Life life;
    private long standsStillUntil;
    private double rate = 1;
    private long clockAtSync;
    private long trueAtSync;
    private int crashPermille;
    private int slowness = 1;
    private long readingNanos;
    private boolean syncsFail;
    private boolean full;
    private @Nullable Flip flip;
    private final List<Runnable> onEnd = new ArrayList<>();

    /** Something beside the files that outlives a process. */
    public interface Durable {
        /** The process has ended. What was not made durable is lost, as far as it may be. */
        void crashed();
    }

    public Machine(World world, int number) {
        this.world = world;
        this.number = number;
        this.clockAtSync = world.random().nextLong(1L << 50);
    }

    public int number() {
        return number;
    }

    public World world() {
        return world;
    }

    public SimulatedDisk disk() {
        return disk;
    }

    public void keep(Durable durable) {
        durables.add(durable);
    }

    /** Where the disk is not what it was. */
    private record Flip(String directory, String name, long position, int bit) {}

    /** Turns a bit somewhere in the files of a directory, while no process runs. */
    public void flipBit(String directory) {
        if (life != null || flip != null) {
            return;
        }
        disk.trouble((_, _) -> {});
        try {
            List<String> names = disk.directory(directory).names();
            if (names.isEmpty()) {
                return;
            }
            String name = names.get(world.random().nextInt(names.size()));
            long size = disk.directory(directory).open(name).size();
            if (size > 0) {
                flip =
                        new Flip(
                                directory,
                                name,
                                world.random().nextLong(size),
                                world.random().nextInt(Byte.SIZE));
                turn(flip);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("turn a bit in " + directory, e);
        }
    }

    private void turn(Flip which) throws IOException {
        disk.flip(which.directory, which.name, which.position, which.bit);
    }

    /** Whether a bit is turned that no process has started with. */
    public boolean isFlipped() {
        return flip != null;
    }

    /** The file is put back as it was, while no process runs. */
    public void unflip() {
        Flip last = flip;
        flip = null;
        if (last == null) {
            return;
        }
        try {
            turn(last);
        } catch (IOException e) {
            throw new UncheckedIOException("turn a bit back in " + last.name, e);
        }
    }

    /** A process started with it: the bit was of no use to anybody. */
    public void forgetFlip() {
        flip = null;
    }

    /** The process that runs; null if none does. */
    public @Nullable Life life() {
        return life;
    }

    /** What was on the disk is gone. */
    public void newDisk() {
        disk = new SimulatedDisk();
        flip = null;
        full = false;
    }

    /** Begins a process; the one before has ended. */
    public Life boot() {
        if (life != null) {
            throw new IllegalStateException(this + " runs a process already");
        }
        Life next = new Life(world, this);
        life = next;
        disk.trouble((operation, file) -> before(next, operation, file));
        return next;
    }

    /** What happens when the process has ended, however that came. */
    public void onEnd(Runnable told) {
        onEnd.add(told);
    }

    /** Ends the process as {@code kill -9} does: the system still has what was written. */
    public void kill() {
        end(false);
    }

    /** Ends the process, and takes what was not synced, or any part of it. */
    public void cutPower() {
        end(true);
    }

    private void end(boolean power) {
        Life last = life;
        if (last == null) {
            return;
        }
        world.note(power ? "power cut" : "kill", number);
        last.end();
        life = null;
        if (power) {
            disk = disk.afterPowerCut(world.random());
            full = false;
        }
        syncsFail = false;
        durables.forEach(Durable::crashed);
        onEnd.forEach(Runnable::run);
    }

    /** A place where the process may end, beside those at its disk. */
    public void mayCrash(String where) {
        if (life != null && world.chance(crashPermille)) {
            end(world.random().nextBoolean());
            throw new PowerCut(where);
        }
    }

    private void before(Life whose, Operation operation, String file) throws IOException {
        if (whose.ended()) {
            throw new PowerCut(file);
        }
        switch (operation) {
            case WRITE, SYNC, CREATE, RENAME, DELETE, SYNC_DIRECTORY -> mayCrash(file);
            case LIST, OPEN, READ -> {}
        }
        if (operation == Operation.SYNC && syncsFail) {
            throw new IOException("Input/output error");
        }
    }

    /** How often of a thousand times the process ends before an operation on its disk. */
    public void crashesAtTheDisk(int permille) {
        crashPermille = permille;
    }

    /** The next sync fails, and so the process must end; then the power does, for such a disk. */
    public void failSyncs() {
        syncsFail = true;
    }

    public boolean syncsFail() {
        return syncsFail;
    }

    /** Its disk takes that many bytes more, and no more than that. */
    public void fillUpTo(long bytesMore) {
        full = true;
        disk.limit(disk.usedBytes() + bytesMore);
    }

    public void makeRoom() {
        full = false;
        disk.limit(Long.MAX_VALUE);
    }

    public boolean isFull() {
        return full;
    }

    /** How many times longer than usual its disk takes. */
    public void slowness(int times) {
        slowness = times;
    }

    public int slowness() {
        return slowness;
    }

    /** How much longer than usual it takes to read something. */
    public void readingTakes(long nanosMore) {
        readingNanos = nanosMore;
    }

    public long readingNanos() {
        return readingNanos;
    }

    /** Nothing of it moves for that long (SIGSTOP, a virtual machine that is moved). */
    public void standStill(long nanos) {
        standsStillUntil = Math.max(standsStillUntil, world.now() + nanos);
    }

    public void moveAgain() {
        standsStillUntil = 0;
    }

    long standsStillUntil() {
        return standsStillUntil;
    }

    /** From now on its clock goes at this rate. */
    public void clockRate(double next) {
        clockAtSync = clockNanos();
        trueAtSync = world.now();
        rate = next;
    }

    public double clockRate() {
        return rate;
    }

    long clockNanos() {
        return clockAtSync + (long) ((world.now() - trueAtSync) * rate);
    }

    @Override
    public String toString() {
        return "m" + number;
    }
}
