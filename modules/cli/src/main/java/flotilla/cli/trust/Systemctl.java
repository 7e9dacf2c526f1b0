package flotilla.cli.trust;

import flotilla.cli.command.CommandFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** systemd of this host, by its own command. Each call blocks until systemd has answered. */
final class Systemctl {
    /** A store that starts waits for its others; nothing here waits longer. */
    private static final long LIMIT_SECONDS = 120;

    /** How a call ended, and what it said. */
    record Answer(int exit, String text) {}

    void reload() throws InterruptedException {
        require("daemon-reload");
    }

    void enable(String unit) throws InterruptedException {
        require("enable", "--quiet", unit);
    }

    /** Returns when the unit is up, or fails. */
    void start(String unit) throws InterruptedException {
        require("start", unit);
    }

    /** Returns at once. */
    void begin(String unit) throws InterruptedException {
        require("start", "--no-block", unit);
    }

    /** {@code active}, {@code activating}, {@code failed} and so on. */
    String state(String unit) throws InterruptedException {
        return call("show", "--property=ActiveState", "--value", unit).text();
    }

    private void require(String... words) throws InterruptedException {
        Answer answer = call(words);
        if (answer.exit() != 0) {
            throw new CommandFailure(
                    "systemctl %s: %s: journalctl -u %s tells more"
                            .formatted(
                                    String.join(" ", words),
                                    answer.text(),
                                    words[words.length - 1]));
        }
    }

    private static Answer call(String... words) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemctl"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new CommandFailure("%s does not return".formatted(String.join(" ", command)));
            }
            return new Answer(process.exitValue(), text.strip());
        } catch (IOException e) {
            throw new CommandFailure(
                    "this needs a host with systemd: systemctl can't be run: " + e.getMessage());
        }
    }
}
