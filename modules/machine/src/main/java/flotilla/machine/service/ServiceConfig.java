package flotilla.machine.service;

import flotilla.machine.service.ServiceAction.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a unit file says of a service's life.
 *
 * @param commands by directive: {@code ExecStart}, {@code ExecStop}, ...
 * @param problems settings that could not be read; see {@link #refusal} for those that matter
 */
public record ServiceConfig(
        ServiceType type,
        boolean remainAfterExit,
        Map<String, List<ExecCommand>> commands,
        Timeouts timeouts,
        Restarts restarts,
        Killing killing,
        Set<Exit> successExits,
        List<String> problems) {

    public ServiceConfig {
        commands = Map.copyOf(commands);
        successExits = Set.copyOf(successExits);
        problems = List.copyOf(problems);
    }

    /** systemd.service(5): TimeoutStartSec=, TimeoutStopSec=, RuntimeMaxSec=, WatchdogSec=. */
    public record Timeouts(Duration start, Duration stop, Duration running, Duration watchdog) {}

    /**
     * @param policy the word of {@code Restart=}
     * @param limitBurst starts allowed within the interval; a zero interval allows any number
     */
    public record Restarts(
            String policy,
            Duration delay,
            Duration limitInterval,
            int limitBurst,
            Set<Exit> prevent,
            Set<Exit> force) {
        /** Those starts of the past that the limit still counts. */
        List<Long> counted(List<Long> startsNanos, long nowNanos) {
            return startsNanos.stream()
                    .filter(at -> nowNanos - at <= limitInterval.toNanos())
                    .toList();
        }

        /** Whether after so many starts another one is too many. */
        boolean isExhausted(List<Long> counted) {
            return !limitInterval.isZero() && counted.size() >= limitBurst;
        }
    }

    /**
     * systemd.kill(5).
     *
     * @param hup each signal that asks is followed by a SIGHUP, to the same processes
     */
    public record Killing(
            KillMode mode,
            int signal,
            int finalSignal,
            int watchdogSignal,
            boolean sendKill,
            boolean hup) {
        /** Whether the phase is about every process of the service, or the known ones only. */
        boolean reachesGroup(Phase into) {
            return switch (mode) {
                case CONTROL_GROUP -> true;
                case MIXED -> isLast(into);
                case PROCESS, NONE -> false;
            };
        }

        /** What is sent, and to whom, when one of the killing phases begins. */
        ServiceAction.Signal signal(Phase into) {
            int number =
                    isLast(into)
                            ? finalSignal
                            : into == Phase.STOP_WATCHDOG ? watchdogSignal : signal;
            boolean asks = into == Phase.STOP_SIGTERM || into == Phase.FINAL_SIGTERM;
            return new ServiceAction.Signal(
                    reachesGroup(into) ? Target.GROUP : Target.MAIN,
                    number,
                    hup && asks,
                    "entering " + into.sub());
        }

        private static boolean isLast(Phase into) {
            return into == Phase.STOP_SIGKILL || into == Phase.FINAL_SIGKILL;
        }
    }

    /** Who gets signals when a service stops. */
    public enum KillMode {
        CONTROL_GROUP,
        MIXED,
        PROCESS,
        NONE
    }

    public List<ExecCommand> commands(String directive) {
        return commands.getOrDefault(directive, List.of());
    }

    /** Why it can't be run, for people; empty when it can. */
    public Optional<String> refusal() {
        int starts = commands("ExecStart").size();
        boolean oneshot = type == ServiceType.ONESHOT;
        boolean onlyStops = oneshot && remainAfterExit && !commands("ExecStop").isEmpty();
        if (starts == 0 && !onlyStops) {
            return Optional.of(
                    "needs an ExecStart=; only Type=oneshot with RemainAfterExit=yes and an ExecStop= can do without");
        }
        if (starts > 1 && !oneshot) {
            return Optional.of("has more than one ExecStart=, which only Type=oneshot can have");
        }
        boolean repeats = restarts.policy.equals("always") || restarts.policy.equals("on-success");
        if (oneshot && repeats) {
            return Optional.of(
                    "Restart=" + restarts.policy + " would repeat a Type=oneshot for ever");
        }
        return Optional.empty();
    }

    Result judge(Exit exit) {
        boolean gentle =
                exit.signalled()
                        && (exit.number() == Signals.HUP
                                || exit.number() == Signals.INT
                                || exit.number() == Signals.TERM
                                || exit.number() == Signals.PIPE);
        boolean clean =
                successExits.contains(exit)
                        || (exit.signalled()
                                ? gentle && type != ServiceType.ONESHOT
                                : exit.number() == 0);
        return clean ? Result.SUCCESS : exit.asResult();
    }

    /** The table of systemd.service(5), "Exit causes and the effect of the Restart= settings". */
    boolean restartsAfter(Result result, Optional<Exit> lastMain) {
        if (lastMain.filter(restarts.prevent::contains).isPresent()) {
            return false;
        }
        if (lastMain.filter(restarts.force::contains).isPresent()) {
            return true;
        }
        return switch (restarts.policy) {
            case "always" -> true;
            case "on-success" -> result == Result.SUCCESS;
            case "on-failure" -> result != Result.SUCCESS;
            case "on-abnormal" -> result != Result.SUCCESS && result != Result.EXIT_CODE;
            case "on-abort" -> result == Result.SIGNAL || result == Result.CORE_DUMP;
            case "on-watchdog" -> result == Result.WATCHDOG;
            default -> false;
        };
    }
}
