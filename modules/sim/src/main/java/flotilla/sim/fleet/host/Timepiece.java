package flotilla.sim.fleet.host;

import flotilla.fleet.job.Now;
import flotilla.sim.world.World;

/** What a machine takes for the time: its clock of intervals drifts, the other one is set. */
final class Timepiece {
    /** Where the world begins, in milliseconds since 1970. */
    private static final long BEGAN_MILLIS = 1_800_000_000_000L;

    private static final long MILLI = 1_000_000;

    private final World world;
    private final long wallErrorMillis;
    private double rate = 1;
    private long nanosAtSync;
    private long trueAtSync;

    /**
     * @param wallErrorMillis by how much its calendar is wrong
     */
    Timepiece(World world, long wallErrorMillis) {
        this.world = world;
        this.wallErrorMillis = wallErrorMillis;
        this.nanosAtSync = world.random().nextLong(1L << 50);
    }

    /** From now on it goes at this rate. */
    void rate(double next) {
        nanosAtSync = nanos();
        trueAtSync = world.now();
        rate = next;
    }

    private long nanos() {
        return nanosAtSync + (long) ((world.now() - trueAtSync) * rate);
    }

    long millis() {
        return nanos() / MILLI;
    }

    /** What everybody's calendar would say if it were right. */
    static long trueWallMillis(World world) {
        return BEGAN_MILLIS + world.now() / MILLI;
    }

    Now now() {
        return new Now(millis(), trueWallMillis(world) + wallErrorMillis);
    }

    /** How long it truly takes until this clock has gone that far. */
    long nanosFor(long millis) {
        return (long) (millis * MILLI / rate);
    }
}
