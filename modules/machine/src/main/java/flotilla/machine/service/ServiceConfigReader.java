package flotilla.machine.service;

import flotilla.machine.service.ServiceConfig.KillMode;
import flotilla.machine.service.ServiceConfig.Killing;
import flotilla.machine.service.ServiceConfig.Restarts;
import flotilla.machine.service.ServiceConfig.Timeouts;
import flotilla.units.Specifiers;
import flotilla.units.TimeSpan;
import flotilla.units.UnitFile;
import flotilla.units.UnitOption;
import flotilla.units.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a {@link ServiceConfig}; a setting it can't read gets its default and a problem. */
public final class ServiceConfigReader {
    /** systemd's DefaultTimeoutStartSec and DefaultTimeoutStopSec. */
    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** systemd's default RestartSec. */
    private static final Duration RESTART_DELAY = Duration.ofMillis(100);

    /** systemd's DefaultStartLimitIntervalSec and DefaultStartLimitBurst. */
    private static final Duration LIMIT_INTERVAL = Duration.ofSeconds(10);

    private static final int LIMIT_BURST = 5;

    private static final List<String> EXECS =
            List.of(
                    "ExecStartPre",
                    "ExecStart",
                    "ExecStartPost",
                    "ExecReload",
                    "ExecStop",
                    "ExecStopPost");
    private static final Set<String> POLICIES =
            Set.of(
                    "no",
                    "always",
                    "on-success",
                    "on-failure",
                    "on-abnormal",
                    "on-abort",
                    "on-watchdog");

    private final UnitFile file;
    private final List<String> problems = new ArrayList<>();

    private ServiceConfigReader(UnitFile file) {
        this.file = file;
    }

    public static ServiceConfig read(UnitFile file, Specifiers specifiers) {
        return new ServiceConfigReader(file).read(specifiers);
    }

    private ServiceConfig read(Specifiers specifiers) {
        Map<String, List<ExecCommand>> commands = new HashMap<>();
        for (String exec : EXECS) {
            commands.put(
                    exec,
                    file.all("Service", exec).stream()
                            .flatMap(option -> commands(option, specifiers).stream())
                            .toList());
        }
        ServiceType type = type(commands.getOrDefault("ExecStart", List.of()).isEmpty());
        return new ServiceConfig(
                type,
                file.flag("Service", "RemainAfterExit", false),
                commands,
                timeouts(type),
                restarts(),
                killing(),
                exits("SuccessExitStatus"),
                problems);
    }

    /** The commands of a line; a line that can't be read as it was meant is none at all. */
    private List<ExecCommand> commands(UnitOption option, Specifiers specifiers) {
        if (!Words.isClosed(option.value())) {
            return unreadable(option, List.of());
        }
        List<ExecCommand> commands = ExecCommand.parse(option.value(), specifiers);
        for (ExecCommand command : commands) {
            String program = command.program();
            if (program.contains("/") && !program.startsWith("/")) {
                problems.add(
                        "line %d: %s is neither a name nor an absolute path: ignored"
                                .formatted(option.line(), program));
                return List.of();
            }
        }
        return commands;
    }

    private ServiceType type(boolean noStart) {
        String word =
                file.option("Service", "Type")
                        .orElse(
                                noStart
                                        ? "oneshot"
                                        : file.option("Service", "BusName").isPresent()
                                                ? "dbus"
                                                : "simple");
        return switch (word) {
            case "simple", "idle" -> ServiceType.SIMPLE;
            case "exec" -> ServiceType.EXEC;
            case "oneshot" -> ServiceType.ONESHOT;
            case "forking" -> ServiceType.FORKING;
            case "notify", "notify-reload" -> ServiceType.NOTIFY;
            default -> {
                problems.add("Type=" + word + " is not supported: treated as simple");
                yield ServiceType.SIMPLE;
            }
        };
    }

    private Timeouts timeouts(ServiceType type) {
        Duration start = type == ServiceType.ONESHOT ? TimeSpan.INFINITE : TIMEOUT;
        Duration both = span("Service", "TimeoutSec", Duration.ZERO);
        Duration startNow = span("Service", "TimeoutStartSec", both.isZero() ? start : both);
        Duration stopNow = span("Service", "TimeoutStopSec", both.isZero() ? TIMEOUT : both);
        return new Timeouts(
                endless(startNow),
                endless(stopNow),
                endless(span("Service", "RuntimeMaxSec", TimeSpan.INFINITE)),
                span("Service", "WatchdogSec", Duration.ZERO));
    }

    /** Zero means no limit for these. */
    private static Duration endless(Duration span) {
        return span.isZero() ? TimeSpan.INFINITE : span;
    }

    private Restarts restarts() {
        String policy = file.option("Service", "Restart").orElse("no");
        if (!POLICIES.contains(policy)) {
            problems.add("Restart=" + policy + " is no policy: treated as no");
            policy = "no";
        }
        // StartLimitInterval= moved from [Service] to [Unit] with systemd 230; both are in the
        // wild.
        Duration interval = span("Service", "StartLimitInterval", LIMIT_INTERVAL);
        interval = span("Unit", "StartLimitInterval", interval);
        interval = span("Unit", "StartLimitIntervalSec", interval);
        int burst =
                number(
                        "Unit",
                        "StartLimitBurst",
                        number("Service", "StartLimitBurst", LIMIT_BURST));
        return new Restarts(
                policy,
                span("Service", "RestartSec", RESTART_DELAY),
                interval,
                burst,
                exits("RestartPreventExitStatus"),
                exits("RestartForceExitStatus"));
    }

    private Killing killing() {
        String word = file.option("Service", "KillMode").orElse("control-group");
        KillMode mode = KillMode.CONTROL_GROUP;
        try {
            mode = KillMode.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException unknown) {
            problems.add("KillMode=" + word + " is no mode: treated as control-group");
        }
        return new Killing(
                mode,
                signal("KillSignal", Signals.TERM),
                signal("FinalKillSignal", Signals.KILL),
                signal("WatchdogSignal", Signals.ABRT),
                file.flag("Service", "SendSIGKILL", true),
                file.flag("Service", "SendSIGHUP", false));
    }

    private Duration span(String section, String name, Duration otherwise) {
        return file.last(section, name)
                .filter(option -> !option.raw().isEmpty())
                .map(option ->
                        TimeSpan.parse(option.value())
                                .orElseGet(() -> unreadable(option, otherwise)))
                .orElse(otherwise);
    }

    private int number(String section, String name, int otherwise) {
        return file.last(section, name)
                .filter(option -> !option.raw().isEmpty())
                .map(option ->
                        option.value().matches("[0-9]{1,9}")
                                ? Integer.parseInt(option.value())
                                : unreadable(option, otherwise))
                .orElse(otherwise);
    }

    private int signal(String name, int otherwise) {
        return file.last("Service", name)
                .filter(option -> !option.raw().isEmpty())
                .map(option -> {
                    OptionalInt number = Signals.number(option.value());
                    return number.isPresent() ? number.getAsInt() : unreadable(option, otherwise);
                })
                .orElse(otherwise);
    }

    private Set<Exit> exits(String name) {
        Set<Exit> exits = new HashSet<>();
        for (UnitOption option : file.all("Service", name)) {
            for (String word : option.value().split("\\s+")) {
                OptionalInt signal = Signals.number(word);
                OptionalInt code = ExitNames.code(word);
                if (code.isPresent()) {
                    exits.add(Exit.code(code.getAsInt()));
                } else if (signal.isPresent()) {
                    exits.add(Exit.signal(signal.getAsInt()));
                } else {
                    unreadable(option, word);
                }
            }
        }
        return exits;
    }

    private <T> T unreadable(UnitOption option, T otherwise) {
        problems.add(
                "line %d: can't read %s=%s: ignored"
                        .formatted(option.line(), option.name(), option.value()));
        return otherwise;
    }
}
