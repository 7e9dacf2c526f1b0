package flotilla.machine.embedded;

import flotilla.machine.process.Reaper;
import flotilla.platform.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which units may run only for so long, and have the reaper end them if this process stands still
 * by then. Only for the owner's thread.
 */
final class Permits {
    private final Owner owner;
    private final Reaper reaper;
    private final Clock clock;
    private Set<String> units = Set.of();
    private long untilNanos;
    private @Nullable ScheduledFuture<?> timer;

    Permits(Site site, Clock clock) {
        this.owner = site.owner();
        this.reaper = site.reaper();
        this.clock = clock;
    }

    /**
     * @param onOver called when that time is over, unless this is called again before
     */
    void give(Set<String> names, Duration time, Runnable onOver) {
        units = Set.copyOf(names);
        untilNanos = clock.nanos() + time.toNanos();
        if (timer != null) {
            timer.cancel(false);
        }
        timer = units.isEmpty() ? null : owner.after(time, onOver);
    }

    Set<String> units() {
        return units;
    }

    /** Whether the unit must not run now. */
    boolean isOver(String unit) {
        return units.contains(unit) && clock.nanos() - untilNanos >= 0;
    }

    /** What those units run now: it may have changed. */
    void tell(List<UnitRuntime> running) {
        List<String> marks = new ArrayList<>();
        Set<Long> sessions = new TreeSet<>();
        for (UnitRuntime unit : running) {
            if (!unit.isOver()) {
                marks.add(unit.invocationId);
                sessions.addAll(unit.sessions);
            }
        }
        reaper.endAfter(Duration.ofNanos(untilNanos - clock.nanos()), marks, sessions);
    }
}
