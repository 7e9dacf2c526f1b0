package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import flotilla.cli.start.CommandsJar;
import flotilla.platform.log.Logging;
import flotilla.provision.local.LocalHome;
import flotilla.provision.local.StagedHome;
import flotilla.provision.machine.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
            description =
                    "Where the cache of the commands goes, which are tried on that cluster; what"
                            + " ends in .aot gets a .jar beside it")
    private @Nullable Path commandsCache;

    @Option(
            names = "--flags",
            paramLabel = "FLAGS",
            split = " ",
            description = "What a JVM is told that runs a command")
    private List<String> flags = List.of();

    private final CommandRunner commands;

    private final Supplier<CommandLine> all;

    /**
     * @param all every command in full
     */
    public Rehearse(CommandRunner commands, Supplier<CommandLine> all) {
        this.commands = commands;
        this.all = all;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logging.start("warn", Logging.Format.TEXT);
        LocalHome home = LocalHome.of(System.getenv());
        try (Rehearsal rehearsal = Rehearsal.begin(directory);
                StagedHome _ = StagedHome.open(home, rehearsal.machine())) {
            int exit = new Drill(commands, directory).call();
            return exit == 0 && commandsCache != null ? drillAlone(commandsCache) : exit;
        }
    }

    private int drillAlone(Path cache) throws IOException, InterruptedException {
        Path jar = Path.of(cache.toString().replaceFirst("[.]aot.*$", ".jar"));
        CommandsJar.write(jar, all.get());
        List<String> extra = new ArrayList<>(flags);
        extra.add("-XX:AOTCacheOutput=" + cache);
        return Drill.inJvm(directory, jar, extra);
    }
}
