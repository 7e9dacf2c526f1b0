package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import flotilla.platform.log.Logging;
import flotilla.provision.machine.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What the launcher runs once per build under {@code -XX:AOTCacheOutput}: a cluster's start and the
 * commands that people type first, so that both start faster from then on.
 */
@Command(name = "rehearse", hidden = true, description = Rehearse.SUMMARY)
public final class Rehearse implements Callable<Integer> {
    public static final String SUMMARY =
            "Start a cluster inside this process and end it again, for the JVM to learn.";

    @Parameters(
            paramLabel = "DIR",
            description = "An empty directory with a short path, whoever made it removes it")
    private Path directory = Path.of("");

    @Option(
            names = "--commands",
            paramLabel = "FILE",
            description = "Where the cache of the commands goes, which are tried on that cluster")
    private @Nullable Path commandsCache;

    private final CommandRunner commands;

    public Rehearse(CommandRunner commands) {
        this.commands = commands;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.start("warn", Logging.Format.TEXT);
        try (Rehearsal rehearsal = Rehearsal.begin(directory)) {
            int exit = new Drill(commands, rehearsal.endpoint(), directory).call();
            return exit == 0 && commandsCache != null
                    ? Drill.inJvm(rehearsal.endpoint(), directory, commandsCache)
                    : exit;
        }
    }
}
