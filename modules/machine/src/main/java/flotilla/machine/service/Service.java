package flotilla.machine.service;

import java.util.List;

/**
 * One service at one moment.
 *
 * @param step which of the phase's commands runs, from 0
 * @param mainAlive the main process is known and runs
 * @param controlAlive a command beside the main process runs (ExecStartPre=, ExecStop=, ...)
 * @param lastMain how the main process ended last; code 0 before it ever did
 * @param stopAsked it stops because someone asked, so that Restart= does not apply
 * @param startsNanos when it was started lately, for the start limit
 * @param restartCount restarts by Restart= since someone started it
 */
public record Service(
        Phase phase,
        int step,
        boolean mainAlive,
        boolean controlAlive,
        Result result,
        Exit lastMain,
        boolean stopAsked,
        List<Long> startsNanos,
        int restartCount) {
    public static final Service NEW =
            new Service(
                    Phase.DEAD, 0, false, false, Result.SUCCESS, Exit.code(0), false, List.of(), 0);

    public Service {
        startsNanos = List.copyOf(startsNanos);
    }
}
