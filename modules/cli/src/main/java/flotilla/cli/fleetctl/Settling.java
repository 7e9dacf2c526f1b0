package flotilla.cli.fleetctl;

import flotilla.fleet.api.StateBody;

/**
 * Whether a unit that was just started runs, told from successive looks at what its machine's init
 * says. One look is not enough: a process that dies at once is active for a moment, and a state may
 * still be the one from before the start.
 *
 * <pre>
 * seen                                        verdict
 * active, so many looks on end                RUNS
 * failed, or not loaded, so many looks        FAILED
 * inactive, twice as many                     ENDED: it has run, and ended well
 * auto-restart, in all twice as many          RESTARTS: it dies again and again
 * anything else, or a change                  WAITS
 * </pre>
 */
final class Settling {
    /** Looks that a state has to last; at fleetctl's pace of four a second, a second. */
    static final int LOOKS = 4;

    /** Nothing is heard at once of a machine that has not begun, nor is one death a failure. */
    private static final int MANY_LOOKS = 2 * LOOKS;

    private String last = "";
    private int lasted;
    private int restarting;

    enum Verdict {
        WAITS,
        RUNS,
        ENDED,
        FAILED,
        RESTARTS
    }

    Verdict see(StateBody state) {
        String load = String.valueOf(state.systemdLoadState());
        String active = String.valueOf(state.systemdActiveState());
        String now = load.equals("loaded") ? active : load;
        lasted = now.equals(last) ? lasted + 1 : 1;
        last = now;
        if ("auto-restart".equals(state.systemdSubState())) {
            restarting++;
        }
        if (restarting >= MANY_LOOKS) {
            return Verdict.RESTARTS;
        }
        return switch (now) {
            case "active" -> lasted < LOOKS ? Verdict.WAITS : Verdict.RUNS;
            case "inactive" -> lasted < MANY_LOOKS ? Verdict.WAITS : Verdict.ENDED;
            case "activating", "deactivating", "reloading" -> Verdict.WAITS;
            default -> lasted < LOOKS ? Verdict.WAITS : Verdict.FAILED;
        };
    }
}
