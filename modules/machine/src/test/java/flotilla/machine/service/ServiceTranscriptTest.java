package flotilla.machine.service;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.service.ServiceEvent.Daemon;
import flotilla.machine.service.ServiceEvent.Role;
import flotilla.units.Specifiers;
import flotilla.units.TimeSpan;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The service machine against its transcripts. Each holds a unit file and, after a line {@code
 * ---}, scenes with a blank line between them. A scene begins with a service that was never
 * started; {@code > event} is what happens to it, below that stands what the machine wants done,
 * and with {@code =} where it leaves the service. Lines with {@code #} are remarks. {@code
 * -Dgolden.update} writes what the machine does now into the files; read the difference.
 */
class ServiceTranscriptTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/resources/flotilla/machine/service");

    private final StringBuilder out = new StringBuilder();
    private Service service = Service.NEW;
    private long nowNanos;

    static List<Path> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void the_service_machine_does_what_its_transcript_says(Path file) throws IOException {
        String expected = Files.readString(file);

        String actual = replay(expected);

        if (System.getProperty("golden.update") != null) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual).as(file.toString()).isEqualTo(expected);
        }
    }

    private String replay(String transcript) {
        int end = transcript.indexOf("---\n") + 4;
        String unit = transcript.substring(0, end);
        ServiceConfig config =
                ServiceConfigReader.read(
                        UnitFile.parse(unit.substring(0, unit.length() - 4)),
                        Specifiers.of(new UnitName("a.service"), Map.of()));
        out.append(unit);
        for (String line : transcript.substring(end).split("\n")) {
            if (line.startsWith("> ")) {
                out.append(line).append('\n');
                happens(config, line.substring(2));
            } else if (line.isBlank()) {
                service = Service.NEW;
                out.append('\n');
            } else if (line.startsWith("#")) {
                out.append(line).append('\n');
            }
        }
        return out.toString();
    }

    private void happens(ServiceConfig config, String words) {
        if (words.startsWith("after ")) {
            nowNanos += TimeSpan.parse(words.substring(6)).orElseThrow().toNanos();
            return;
        }
        ServiceMachine.Step step =
                ServiceMachine.step(config, service, event(words.split(" ")), nowNanos);
        service = step.service();
        step.actions().forEach(action -> out.append("  ").append(text(action)).append('\n'));
        out.append("  = ").append(text(service)).append('\n');
    }

    private static ServiceEvent event(String[] words) {
        return switch (words[0]) {
            case "start" -> new ServiceEvent.Start();
            case "stop" -> new ServiceEvent.Stop();
            case "reload" -> new ServiceEvent.Reload();
            case "reset" -> new ServiceEvent.Reset();
            case "main", "control" -> new ServiceEvent.Exited(role(words[0]), exit(words));
            case "refused" -> new ServiceEvent.Refused(role(words[1]));
            case "executed" -> new ServiceEvent.Executed();
            case "READY=1" -> new ServiceEvent.Ready();
            case "STOPPING=1" -> new ServiceEvent.Stopping();
            case "daemon" ->
                    new ServiceEvent.Searched(Daemon.valueOf(words[1].toUpperCase(Locale.ROOT)));
            case "group-empty" -> new ServiceEvent.GroupEmpty();
            case "timeout" -> new ServiceEvent.Timeout();
            case "watchdog" -> new ServiceEvent.WatchdogExpired();
            default -> throw new IllegalArgumentException(String.join(" ", words));
        };
    }

    private static Role role(String word) {
        return Role.valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** {@code main exited 3}, {@code control killed TERM}, {@code main dumped ABRT}. */
    private static Exit exit(String[] words) {
        OptionalInt signal = Signals.number(words[2]);
        return switch (words[1]) {
            case "exited" -> Exit.code(Integer.parseInt(words[2]));
            case "killed" -> Exit.signal(signal.orElseThrow());
            case "dumped" -> new Exit(true, true, signal.orElseThrow());
            default -> throw new IllegalArgumentException(String.join(" ", words));
        };
    }

    private static String text(ServiceAction action) {
        return switch (action) {
            case ServiceAction.Spawn(Role role, ExecCommand command) ->
                    "run as %s: %s".formatted(word(role), String.join(" ", command.words()));
            case ServiceAction.Signal signal ->
                    "send %s%s to %s: %s"
                            .formatted(
                                    Signals.name(signal.signal()),
                                    signal.hangUp() ? " and HUP" : "",
                                    word(signal.target()),
                                    signal.reason());
            case ServiceAction.Arm(Duration after) ->
                    after.equals(TimeSpan.INFINITE) ? "no time limit" : "time limit " + after;
            case ServiceAction.Disarm _ -> "no time limit";
            case ServiceAction.StartWatchdog _ -> "start the watchdog";
            case ServiceAction.FindMain _ -> "look for the daemon";
            case ServiceAction.WatchGroup _ -> "tell when the group is empty";
            case ServiceAction.Log(String message) -> "say: " + message;
        };
    }

    private static String text(Service service) {
        List<String> words =
                List.of(
                        service.phase().active() + " (" + service.phase().sub() + ")",
                        service.result().word(),
                        service.main() == Service.Main.NONE ? "" : "main " + word(service.main()),
                        service.controlAlive() ? "control alive" : "",
                        service.reloadFailed() ? "reload failed" : "");
        return String.join(", ", words.stream().filter(word -> !word.isEmpty()).toList());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
