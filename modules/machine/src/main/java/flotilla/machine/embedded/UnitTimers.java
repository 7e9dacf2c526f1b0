package flotilla.machine.embedded;

import flotilla.machine.service.ServiceEvent;
import flotilla.units.TimeSpan;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The one timer of each unit, whose end is a {@link ServiceEvent.Timeout}. On the owner's thread.
 */
final class UnitTimers {
    private final Owner owner;
    private final BiConsumer<UnitRuntime, ServiceEvent> events;

    UnitTimers(Owner owner, BiConsumer<UnitRuntime, ServiceEvent> events) {
        this.owner = owner;
        this.events = events;
    }

    /** Starts it anew; one that is infinite never ends. */
    void arm(UnitRuntime unit, Duration after) {
        if (unit.timer != null) {
            unit.timer.cancel(false);
            unit.timer = null;
        }
        // A timer that has fired but not run yet can't be cancelled any more: it is told by its
        // turn.
        long turn = ++unit.timerTurn;
        if (after.compareTo(TimeSpan.INFINITE) < 0) {
            unit.timer =
                    owner.after(
                            after,
                            () -> {
                                if (unit.timerTurn == turn) {
                                    events.accept(unit, new ServiceEvent.Timeout());
                                }
                            });
        }
    }

    /** Gives a timer that runs at least so much longer from now; never less than it has. */
    void extend(UnitRuntime unit, Duration atLeast) {
        boolean sooner =
                unit.timer != null && unit.timer.getDelay(TimeUnit.NANOSECONDS) < atLeast.toNanos();
        if (sooner) {
            arm(unit, atLeast);
        }
    }
}
