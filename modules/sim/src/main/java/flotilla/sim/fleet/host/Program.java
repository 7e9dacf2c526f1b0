package flotilla.sim.fleet.host;

import flotilla.sim.world.Violation;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/**
 * A program on a machine, from its start to its end: while it stands still nothing of it happens,
 * and once it has ended nothing any more.
 */
final class Program {
    private final World world;
    private final String name;
    private final List<Waiting> waiting = new ArrayList<>();
    private long standsStillUntil;
    private boolean ended;

    private record Waiting(String what, Runnable deed) {}

    Program(World world, String name) {
        this.world = world;
        this.name = name;
    }

    World world() {
        return world;
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    void standStill(long nanos) {
        standsStillUntil = Math.max(standsStillUntil, world.now() + nanos);
        world.after(nanos, "goes on", this::goOn);
    }

    /** One that starts where nothing moves does not move either. */
    void standStillWith(Program other) {
        if (other.standsStill()) {
            standStill(other.standsStillUntil - world.now());
        }
    }

    void moveAgain() {
        standsStillUntil = world.now();
        goOn();
    }

    /** What should have happened meanwhile happens now, in its order. */
    private void goOn() {
        if (!standsStill()) {
            List<Waiting> due = List.copyOf(waiting);
            waiting.clear();
            due.forEach(each -> happen(each.what, each.deed));
        }
    }

    boolean standsStill() {
        return standsStillUntil > world.now();
    }

    /** Lets it do something, after that much time and no earlier than it moves. */
    void after(long nanos, String what, Runnable deed) {
        if (!ended) {
            world.after(nanos, what, () -> happen(what, deed));
        }
    }

    private void happen(String what, Runnable deed) {
        if (ended) {
            return;
        }
        if (standsStill()) {
            waiting.add(new Waiting(what, deed));
            return;
        }
        if (!waiting.isEmpty()) {
            // It goes on at this very moment: nothing overtakes what has waited.
            waiting.add(new Waiting(what, deed));
            goOn();
            return;
        }
        try {
            deed.run();
        } catch (Violation e) {
            throw e;
        } catch (RuntimeException e) {
            throw world.broken("no machine fails by itself", "%s, %s: %s", name, what, e);
        }
    }
}
