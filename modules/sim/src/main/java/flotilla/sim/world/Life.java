package flotilla.sim.world;

import flotilla.platform.Clock;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * One process on a machine, from its start to its end. All that it does is an event of the world:
 * what its threads have to do, what comes from the network, its timers. When it has ended nothing
 * of it happens any more; while its machine stands still everything waits.
 */
public final class Life {
    private final World world;
    private final Machine machine;
    private boolean ended;

    Life(World world, Machine machine) {
        this.world = world;
        this.machine = machine;
    }

    public Machine machine() {
        return machine;
    }

    public boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Lets it do something, after that much true time and no earlier than its machine moves. */
    public void after(long nanos, String name, Runnable what) {
        if (!ended) {
            world.after(nanos, name, () -> happen(name, what));
        }
    }

    private void happen(String name, Runnable what) {
        if (ended) {
            return;
        }
        long wait = machine.standsStillUntil() - world.now();
        if (wait > 0) {
            world.after(wait, name, () -> happen(name, what));
            return;
        }
        try {
            what.run();
        } catch (PowerCut _) {
            world.note("cut in the middle", machine.number());
        } catch (Violation e) {
            throw e;
        } catch (RuntimeException e) {
            // A thread that lost it would go on, with half of something done.
            throw world.broken("no thread's task fails", "%s, %s: %s", machine, name, e);
        }
    }

    /**
     * A thread that does one task after the other.
     *
     * @param typicalNanos how long a task takes; the machine's slowness multiplies it
     */
    public Executor thread(String name, Pace pace) {
        return new Lane(this, machine + " " + name, pace);
    }

    /** Threads enough for everything: tasks may overtake each other. */
    public Executor threads(String name, Pace pace) {
        String label = machine + " " + name;
        return task -> after(pace.nanos(), label, task);
    }

    /** Another task's time, drawn. */
    @FunctionalInterface
    public interface Pace {
        long nanos();
    }

    /** What the machine takes for the time. */
    public Clock clock() {
        return new Clock() {
            @Override
            public long nanos() {
                return machine.clockNanos();
            }

            @Override
            public Instant now() {
                return Instant.ofEpochSecond(0, machine.clockNanos());
            }
        };
    }

    @Override
    public String toString() {
        return machine.toString();
    }
}
