package flotilla.machine.service;

import flotilla.machine.service.ServiceAction.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a unit file says of a service's life.
 *
 * @param commands by directive: {@code ExecStart}, {@code ExecStop}, ...
 * @param problems settings that could not be read; {@link #isBad} when the unit can't be run so
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

    /** systemd.kill(5). */
    public record Killing(
            KillMode mode, int signal, int finalSignal, boolean sendKill, boolean hup) {
        /** What is sent, and to whom, when one of the killing phases begins. */
        List<ServiceAction.Signal> signals(Phase into) {
            if (mode == KillMode.NONE) {
                return List.of();
            }
            boolean last = into == Phase.STOP_SIGKILL || into == Phase.FINAL_SIGKILL;
            boolean mixedNoMore = mode == KillMode.MIXED && (last || into == Phase.FINAL_SIGTERM);
            boolean group = mode == KillMode.CONTROL_GROUP;
            String reason = "entering " + into.sub();
            ServiceAction.Signal first =
                    new ServiceAction.Signal(
                            group || mixedNoMore ? Target.GROUP : Target.MAIN,
                            last ? finalSignal : signal,
                            reason);
            if (last || !hup) {
                return List.of(first);
            }
            Target hungUp = group ? Target.GROUP : Target.MAIN;
            return List.of(first, new ServiceAction.Signal(hungUp, Signals.HUP, reason));
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

    /** No command to run, or more than its type can have. */
    public boolean isBad() {
        int starts = commands("ExecStart").size();
        boolean oneshot = type == ServiceType.ONESHOT;
        boolean nothing = starts == 0 && !(oneshot && !commands("ExecStop").isEmpty());
        return nothing || (starts > 1 && !oneshot);
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
    boolean restartsAfter(Result result, Exit lastMain) {
        if (restarts.prevent.contains(lastMain)) {
            return false;
        }
        if (restarts.force.contains(lastMain)) {
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
