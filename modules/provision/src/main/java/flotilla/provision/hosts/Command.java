package flotilla.provision.hosts;

import flotilla.platform.process.Program;
import flotilla.platform.process.Program.Ended;
import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of this machine, run to its end: ip(8), mount(8), nft(8) and their kind, which are the
 * kernel's own way to say these things.
 */
final class Command {
    /** None of them takes a second; one that hangs is killed. */
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private Command() {}

    /** Its output. */
    static String run(String... command) throws InterruptedException {
        return run(List.of(command), "");
    }

    static String run(List<String> command, String input) throws InterruptedException {
        CommandResult result = attempt(command, input, LIMIT);
        if (!result.isDone()) {
            throw new ProvisionException(
                    "'%s' failed: %s".formatted(String.join(" ", command), lastLine(result.out())));
        }
        return result.out();
    }

    /** In a network name space that is mounted there. */
    static String in(Path network, String... command) throws InterruptedException {
        return in(network, List.of(command), "");
    }

    static String in(Path network, List<String> command, String input) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("nsenter", "--net=" + network, "--"));
        all.addAll(command);
        return run(all, input);
    }

    static CommandResult attempt(String... command) throws InterruptedException {
        return attempt(List.of(command), "", LIMIT);
    }

    /** Also when it fails; it is killed when it takes longer. */
    static CommandResult attempt(List<String> command, String input, Duration limit)
            throws InterruptedException {
        try {
            Ended ended = Program.of(command).reading(input).within(limit).run();
            return new CommandResult(ended.code(), ended.text());
        } catch (Program.LateException e) {
            return new CommandResult(-1, e.text() + "\nnot done after " + limit.toSeconds() + " s");
        } catch (IOException e) {
            throw new ProvisionException("can't run " + command.getFirst(), e);
        }
    }

    private static String lastLine(String said) {
        return said.lines().reduce("", (before, line) -> line.isBlank() ? before : line).strip();
    }
}
