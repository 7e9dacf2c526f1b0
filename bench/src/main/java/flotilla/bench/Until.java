package flotilla.bench;

import flotilla.fleet.api.FleetException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting for what fleet's API says, by looks that are closer together than what is measured. */
final class Until {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final long LOOK_AGAIN_MILLIS = 5;

    private Until() {}

    /** Blocks; a fleet that can't answer just now is asked again. */
    static void holds(BooleanSupplier wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holdsNow(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not after " + PATIENCE);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private static boolean holdsNow(BooleanSupplier wanted) {
        try {
            return wanted.getAsBoolean();
        } catch (FleetException e) {
            if (e.isTemporary()) {
                return false;
            }
            throw e;
        }
    }
}
