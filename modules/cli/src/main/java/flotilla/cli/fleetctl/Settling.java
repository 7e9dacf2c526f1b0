package flotilla.cli.fleetctl;

import flotilla.fleet.api.StateBody;
import java.time.Duration;

/**
 * Whether a unit that was just started runs, told from what its machine's init says of it, one
 * state after another. One state is not enough: a process that dies at once is active for a moment,
 * and a state may still be the one from before the start.
 *
 * <pre>
 * seen                                             verdict
 * active, for so long                              RUNS
 * failed, or not loaded, for so long               FAILED
 * inactive, for twice as long                      ENDED: it has run, and ended well
 * auto-restart, in all for twice as long           RESTARTS: it dies again and again
 * anything else, or not for so long                WAITS
 * </pre>
 */
final class Settling {
    /** How long a state has to last. */
    static final Duration LASTS = Duration.ofSeconds(1);

    /** Nothing is heard at once of a machine that has not begun, nor is one death a failure. */
    static final Duration LASTS_LONG = LASTS.multipliedBy(2);

    private String last = "";
    private boolean loaded;
    private long sinceNanos;
    private boolean restarting;
    private long restartingSinceNanos;
    private long restartedNanos;

    enum Verdict {
        WAITS,
        RUNS,
        ENDED,
        FAILED,
        RESTARTS
    }

    /** The state as it is from now on. */
    void see(StateBody state, long nowNanos) {
        String load = String.valueOf(state.systemdLoadState());
        String active = String.valueOf(state.systemdActiveState());
        loaded = load.equals("loaded");
        String now = loaded ? active : load;
        if (!now.equals(last)) {
            last = now;
            sinceNanos = nowNanos;
        }
        if (restarting) {
            restartedNanos += nowNanos - restartingSinceNanos;
        }
        restarting = "auto-restart".equals(state.systemdSubState());
        restartingSinceNanos = nowNanos;
    }

    /** Whether its init could load it. */
    boolean isLoaded() {
        return loaded;
    }

    /** The state that counts: how active it is, or why it is not loaded. */
    String seen() {
        return last;
    }

    Verdict verdict(long nowNanos) {
        if (leftNanos(nowNanos) > 0) {
            return Verdict.WAITS;
        }
        return switch (last) {
            case "active" -> Verdict.RUNS;
            case "inactive" -> Verdict.ENDED;
            case "activating", "deactivating", "reloading" -> Verdict.RESTARTS;
            default -> Verdict.FAILED;
        };
    }

    /** How long it has to stay as it is for another verdict; {@link Long#MAX_VALUE} is for ever. */
    long leftNanos(long nowNanos) {
        long lastedNanos = nowNanos - sinceNanos;
        return switch (last) {
            case "" -> Long.MAX_VALUE;
            case "inactive" -> LASTS_LONG.toNanos() - lastedNanos;
            case "activating", "deactivating", "reloading" ->
                    restarting
                            ? LASTS_LONG.toNanos()
                                    - restartedNanos
                                    - (nowNanos - restartingSinceNanos)
                            : Long.MAX_VALUE;
            default -> LASTS.toNanos() - lastedNanos;
        };
    }
}
