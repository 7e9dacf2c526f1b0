package flotilla.cli.cluster;

import flotilla.cli.command.CommandRunner;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
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

    @Parameters(paramLabel = "DIR", description = "Where a unit's file may be put")
    private Path directory = Path.of("");

    public Drill(CommandRunner commands) {
        this.commands = commands;
    }

    Drill(CommandRunner commands, Path directory) {
        this(commands);
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
                        List.of("status"),
                        List.of("list-machines"),
                        List.of("start", unit.toString()),
                        List.of("list-units"),
                        List.of("list-unit-files"),
                        List.of("status", UNIT),
                        List.of("stop", UNIT),
                        List.of("destroy", UNIT))) {
            int exit = commands.run(words.toArray(String[]::new));
            // status tells of the unit by its exit code.
            if (exit != 0 && !words.getFirst().equals("status")) {
                return exit;
            }
        }
        return 0;
    }

    /**
     * The same in a JVM with the flags of this one.
     *
     * @param first what its class path begins with
     * @param flags further ones
     */
    static int inJvm(Path directory, Path first, List<String> flags)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-XX:AOTCache"))
                .forEach(command::add);
        command.addAll(flags);
        String classPath = first + File.pathSeparator + System.getProperty("java.class.path");
        command.addAll(List.of("-cp", classPath));
        command.add(CommandRunner.MAIN_CLASS);
        command.addAll(List.of("drill", directory.toString()));
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
