package flotilla.fleet.engine;

import flotilla.fleet.job.Now;
import java.util.OptionalLong;

/** When somebody has to look again although nothing happens: the earliest of what was asked. */
final class Alarm {
    private final Now now;
    private long monotonicMillis = Long.MAX_VALUE;

    Alarm(Now now) {
        this.now = now;
    }

    Now now() {
        return now;
    }

    void at(long monotonic) {
        monotonicMillis = Math.min(monotonicMillis, monotonic);
    }

    void in(long millis) {
        at(now.monotonicMillis() + Math.max(0, millis));
    }

    /** Empty when nobody asked. */
    OptionalLong earliest() {
        return monotonicMillis == Long.MAX_VALUE
                ? OptionalLong.empty()
                : OptionalLong.of(monotonicMillis);
    }
}
