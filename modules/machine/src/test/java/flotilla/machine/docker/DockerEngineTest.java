package flotilla.machine.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.machine.ContainerEngine;
import flotilla.machine.ContainerEngineContract;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Docker daemon of the test's own, which has no network and runs no container. */
class DockerEngineTest extends ContainerEngineContract {
    private static final Path DOCKERD = Path.of("/usr/sbin/dockerd");

    @TempDir private Path folder;

    private Optional<Process> daemon = Optional.empty();

    @BeforeEach
    void a_daemon() throws IOException {
        assumeTrue(Files.isExecutable(DOCKERD), "SKIPPED: docker.io is not installed");
        assumeTrue("root".equals(System.getProperty("user.name")), "SKIPPED: needs root");
        Process process =
                new ProcessBuilder(
                                DOCKERD.toString(),
                                "--data-root=" + folder.resolve("data"),
                                "--exec-root=" + folder.resolve("run"),
                                "--pidfile=" + folder.resolve("pid"),
                                "--host=unix://" + socket(),
                                "--storage-driver=vfs",
                                "--iptables=false",
                                "--ip6tables=false",
                                "--bridge=none")
                        .redirectErrorStream(true)
                        .start();
        daemon = Optional.of(process);
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.append(line).append('\n');
            if (line.contains("API listen on")) {
                var _ = Thread.ofVirtual().start(() -> drain(process));
                return;
            }
        }
        throw new IOException("dockerd ended:\n" + said);
    }

    /** Else it would stand still once the pipe is full. */
    private static void drain(Process process) {
        try (InputStream rest = process.getInputStream()) {
            rest.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            assertThat(process.isAlive()).as("dockerd, whose output ended").isFalse();
        }
    }

    @AfterEach
    void none() throws InterruptedException {
        if (daemon.isPresent()) {
            daemon.get().destroy();
            daemon.get().waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Path socket() {
        return folder.resolve("docker.sock");
    }

    @Override
    protected ContainerEngine engine() {
        return new DockerEngine(socket());
    }

    @Test
    void a_machine_without_an_engine_says_so() {
        ContainerEngine none = new DockerEngine(folder.resolve("none"));

        assertThatThrownBy(() -> none.has("sha256:" + "0".repeat(64)))
                .hasMessageContaining("this machine has no container engine");
    }
}
