package flotilla.sim.member;

import flotilla.platform.Clock;
import flotilla.sim.world.Life;
import flotilla.store.log.driver.Loop;
import java.util.concurrent.Executor;

/** The core's thread, and time as its machine counts it. */
record SimulatedLoop(Life life, Executor thread, Clock clock) implements Loop {
    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    @Override
    public void after(long nanos, Runnable task) {
        long trueNanos = (long) (Math.max(0, nanos) / life.machine().clockRate());
        life.after(trueNanos, life.machine() + " timer", () -> thread.execute(task));
    }
}
