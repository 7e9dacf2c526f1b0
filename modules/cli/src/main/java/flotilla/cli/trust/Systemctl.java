package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import flotilla.machine.systemd.Reach;
import flotilla.platform.process.Program.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** systemd of this host, by its own command. Each call blocks until systemd has answered. */
final class Systemctl implements Services {
    /** A store that starts waits for its others; nothing here waits longer. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public void reload() throws InterruptedException {
        require("daemon-reload");
    }

    @Override
    public void enable(String unit) throws InterruptedException {
        require("enable", "--quiet", unit);
    }

    @Override
    public void start(String unit) throws InterruptedException {
        require("start", unit);
    }

    @Override
    public void begin(String unit) throws InterruptedException {
        require("start", "--no-block", unit);
    }

    @Override
    public String state(String unit) throws InterruptedException {
        return call("show", "--property=ActiveState", "--value", unit).text().strip();
    }

    private void require(String... words) throws InterruptedException {
        Ended answer = call(words);
        if (answer.code() != 0) {
            throw new CommandFailure(
                    "systemctl %s: %s: journalctl -u %s tells more"
                            .formatted(
                                    String.join(" ", words),
                                    answer.text().strip(),
                                    words[words.length - 1]));
        }
    }

    private static Ended call(String... words) throws InterruptedException {
        List<String> command = Stream.concat(Stream.of("systemctl"), Stream.of(words)).toList();
        try {
            return Reach.thisHost().run(command, LIMIT);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new CommandFailure(
                    "'%s' does not return, or can't be run: %s"
                            .formatted(String.join(" ", command), e.getMessage()));
        }
    }
}
