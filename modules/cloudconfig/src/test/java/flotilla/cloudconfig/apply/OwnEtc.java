package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.plan.Plan;
import flotilla.machine.FakeInit;
import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * This machine as it is, but for a copy of its /etc and an empty /home in a directory: what is
 * applied to it, in a process of its own, changes those alone. The programs that change accounts
 * are the real ones, behind a script that notes how they are called.
 */
final class OwnEtc {
    private static final String ROOM =
            """
            set -e
            mkdir home bin
            cp -a /etc etc
            find etc -type l -delete
            for program in useradd usermod chpasswd; do
              cp /usr/sbin/$program bin/
              printf '#!/bin/sh\\necho "%s $*" >> %s/calls\\nexec %s/bin/%s "$@"\\n' \
                $program "$PWD" "$PWD" $program > bin/$program.noted
              chmod 755 bin/$program.noted
            done
            """;
    private static final String ENTER =
            """
            set -e
            mount --bind etc /etc
            mount --bind home /home
            for program in useradd usermod chpasswd; do
              mount --bind bin/$program.noted /usr/sbin/$program
            done
            exec "$@"
            """;

    private final Path directory;

    private OwnEtc(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where there can be none. */
    static OwnEtc in(Path directory) throws IOException, InterruptedException {
        Strangers.needRoot();
        OwnEtc own = new OwnEtc(directory);
        assumeTrue(
                own.run("unshare", "--mount", "true").code() == 0,
                "SKIPPED: this process may not have mounts of its own");
        assertThat(own.run("sh", "-c", ROOM)).extracting(Programs.Output::code).isEqualTo(0);
        return own;
    }

    /** How it ended, and what was told of it. */
    Programs.Output apply(String document) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("user-data"), document);
        return run(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "--",
                "sh",
                "-c",
                ENTER,
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OwnEtc.class.getName(),
                file.toString());
    }

    Path etc(String name) {
        return directory.resolve("etc").resolve(name);
    }

    Path home(String name) {
        return directory.resolve("home").resolve(name);
    }

    /** The line of a user or a group, as in passwd(5) and its kind, in its parts. */
    List<String> line(String file, String name) throws IOException {
        return Files.readAllLines(etc(file), StandardCharsets.ISO_8859_1).stream()
                .map(line -> List.of(line.split(":", -1)))
                .filter(parts -> parts.getFirst().equals(name))
                .findFirst()
                .orElse(List.of());
    }

    /** How the programs were called that change accounts. */
    List<String> calls() throws IOException {
        Path calls = directory.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private Programs.Output run(String... command) throws IOException, InterruptedException {
        Path said = directory.resolve("said");
        int code =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start()
                        .waitFor();
        return new Programs.Output(command[0], code, Files.readString(said));
    }

    /** In the process of its own: applies a document as a real machine does. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String text = Files.readString(Path.of(arguments[0]));
        List<String> told = new ArrayList<>();
        try {
            new Applier(Path.of("/"), FakeInit.ending(JobResult.DONE).ports("id", "m1"), told::add)
                    .apply(
                            Plan.of(
                                    CloudConfig.read(text, Mode.LENIENT).document().orElseThrow(),
                                    new Metadata("id", "", "", "", "", "", List.of())));
        } catch (IOException e) {
            told.add(String.valueOf(e.getMessage()));
            System.out.println(String.join("\n", told));
            System.exit(1);
        }
        System.out.println(String.join("\n", told));
    }
}
