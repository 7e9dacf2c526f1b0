package flotilla.machine.service;

import java.util.List;
import java.util.Optional;

/**
 * One service at one moment.
 *
 * @param step which of the phase's commands runs, from 0
 * @param controlAlive a command beside the main process runs (ExecStartPre=, ExecStop=, ...)
 * @param lastMain how the main process of this run ended; empty while it has not
 * @param stopAsked it stops because someone asked, so that Restart= does not apply
 * @param startsNanos when it was started lately, for the start limit
 * @param restartCount restarts by Restart= since someone started it
 * @param reloadFailed the last ExecReload= did not end well; the service itself runs on
 */
public record Service(
        Phase phase,
        int step,
        Main main,
        boolean controlAlive,
        Result result,
        Optional<Exit> lastMain,
        boolean stopAsked,
        List<Long> startsNanos,
        int restartCount,
        boolean reloadFailed) {
    public static final Service NEW =
            new Service(
                    Phase.DEAD,
                    0,
                    Main.NONE,
                    false,
                    Result.SUCCESS,
                    Optional.empty(),
                    false,
                    List.of(),
                    0,
                    false);

    public Service {
        startsNanos = List.copyOf(startsNanos);
    }

    /** What is known of the main process. */
    public enum Main {
        NONE,
        ALIVE,
        /** A forking service left processes, and none of them is certainly the main one. */
        UNKNOWN
    }
}
