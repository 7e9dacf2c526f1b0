package flotilla.cli.cluster;

import flotilla.provision.machine.Rehearsal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What the launcher runs once per build under {@code -XX:AOTCacheOutput}: a cluster's start and the
 * commands that people type first, so that both start faster from then on.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Start a cluster inside this process and end it again, for the JVM to learn.")
public final class Rehearse implements Callable<Integer> {
    private static final String UNIT = "rehearsal.service";

    @Parameters(
            paramLabel = "DIR",
            description = "An empty directory with a short path, whoever made it removes it")
    private Path directory = Path.of("");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Rehearsal rehearsal = Rehearsal.begin(directory)) {
            return commands(rehearsal.endpoint());
        }
    }

    private int commands(URI endpoint) throws IOException {
        Path unit = directory.resolve(UNIT);
        Files.writeString(unit, "[Service]\nExecStart=/bin/sleep 60\n");
        CommandLine flotilla = spec.root().commandLine();
        for (List<String> words :
                List.of(
                        List.of("list-machines"),
                        List.of("start", unit.toString()),
                        List.of("list-units"),
                        List.of("list-unit-files"),
                        List.of("status", UNIT),
                        List.of("destroy", UNIT))) {
            String[] command =
                    Stream.concat(
                                    Stream.of(
                                            "fleetctl", words.getFirst(), "--endpoint=" + endpoint),
                                    words.stream().skip(1))
                            .toArray(String[]::new);
            int exit = flotilla.execute(command);
            if (exit != 0) {
                return exit;
            }
        }
        return 0;
    }
}
