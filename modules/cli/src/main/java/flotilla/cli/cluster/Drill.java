package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * The commands that people type most, one after another in one process: by itself what {@link
 * Rehearse} has a JVM learn for the commands' own cache, which holds nothing of the machines'.
 */
@Command(name = "drill", mixinStandardHelpOptions = true)
public final class Drill implements Callable<Integer> {
    public static final String SUMMARY =
            "Try the usual commands on a cluster, for the JVM to learn.";

    private static final String UNIT = "rehearsal.service";

    private final CommandRunner commands;

    @Parameters(index = "0", paramLabel = "URL", description = "fleet's API")
    private URI endpoint = URI.create("unix:///var/run/fleet.sock");

    @Parameters(index = "1", paramLabel = "DIR", description = "Where a unit's file may be put")
    private Path directory = Path.of("");

    public Drill(CommandRunner commands) {
        this.commands = commands;
    }

    Drill(CommandRunner commands, URI endpoint, Path directory) {
        this(commands);
        this.endpoint = endpoint;
        this.directory = directory;
    }

    /** Returns the exit code of the first that fails. */
    @Override
    public Integer call() throws IOException {
        Path unit = directory.resolve(UNIT);
        Files.writeString(unit, "[Service]\nExecStart=/bin/sleep 60\n");
        for (List<String> words :
                List.of(
                        List.of("--help"),
                        List.of("machine", "ls"),
                        List.of("list-machines", at()),
                        List.of("start", at(), unit.toString()),
                        List.of("list-units", at()),
                        List.of("list-unit-files", at()),
                        List.of("status", at(), UNIT),
                        List.of("stop", at(), UNIT),
                        List.of("destroy", at(), UNIT))) {
            int exit = commands.run(words.toArray(String[]::new));
            // status tells of the unit by its exit code.
            if (exit != 0 && !words.getFirst().equals("status")) {
                return exit;
            }
        }
        return 0;
    }

    private String at() {
        return "--endpoint=" + endpoint;
    }

    /** The same in a JVM with the flags of this one, which leaves a cache of what it saw. */
    static int inJvm(URI endpoint, Path directory, Path cache)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-XX:AOTCache"))
                .forEach(command::add);
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:AOTCacheOutput=" + cache);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(CommandRunner.MAIN_CLASS);
        command.addAll(List.of("drill", endpoint.toString(), directory.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
