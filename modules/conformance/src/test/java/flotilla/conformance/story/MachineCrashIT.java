package flotilla.conformance.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.EtcdClientException;
import flotilla.conformance.servers.Launcher;
import flotilla.conformance.servers.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines of {@code flotilla up} lose their power at random while clients write. {@code
 * -Dcrash.seed=N} loses it at other moments.
 */
class MachineCrashIT {
    private static final int MACHINES = 3;
    private static final int WRITERS = 4;

    /** Acknowledged writes between two events, and as many more by chance. */
    private static final int PROGRESS = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PREFIX = "crash/";

    @TempDir private Path folder;

    private final Random random = new Random(Long.getLong("crash.seed", 20141117));
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private Launcher flotilla = new Launcher(Path.of("none"), "127.82.0");
    @RegisterExtension private final Scene scene = new Scene(() -> flotilla);

    @BeforeEach
    void bring_it_up() {
        assumeTrue(Program.onPath("mvn").isPresent(), "./flotilla needs Maven to build");
        flotilla = new Launcher(folder.resolve("home"), "127.82.0");
        flotilla.run("up").text();
    }

    @AfterEach
    void leave_nothing() {
        stop.set(true);
        flotilla.run("down", "--purge");
    }

    @Test
    void every_acknowledged_write_outlives_the_loss_of_a_machine_and_of_all(TestReporter reporter)
            throws InterruptedException {
        try (EtcdClient client = EtcdClient.connect(ClientConfig.of(endpoints()))) {
            List<Thread> writers =
                    IntStream.range(0, WRITERS)
                            .mapToObj(
                                    number -> Thread.ofVirtual().start(() -> write(client, number)))
                            .toList();

            awaitProgress("before the first loss");
            loseOne();
            loseAll();
            loseOne();

            stop.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            Map<String, String> found =
                    client.getPrefix(PREFIX).kvs().stream()
                            .collect(
                                    Collectors.toMap(
                                            pair -> pair.getKey().toStringUtf8(),
                                            pair -> pair.getValue().toStringUtf8()));
            reporter.publishEntry("acknowledged writes", String.valueOf(acknowledged.size()));
            assertThat(found).containsAllEntriesOf(acknowledged);
        }
    }

    /** A new key each time: one whose fate is unknown is left alone for good. */
    private void write(EtcdClient client, int number) {
        for (int i = 0; !stop.get(); i++) {
            String key = PREFIX + number + "/" + i;
            String value = "value " + i;
            try {
                client.put(key, ByteString.copyFromUtf8(value));
                acknowledged.put(key, value);
            } catch (EtcdClientException.Unavailable | EtcdClientException.Indeterminate open) {
                assertThat(acknowledged).doesNotContainKey(key);
            }
        }
    }

    private void loseOne() {
        String victim = Launcher.machine(1 + random.nextInt(MACHINES));
        flotilla.run("machine", "kill", victim).text();
        awaitProgress("without " + victim);
        flotilla.run("machine", "boot", victim).text();
        awaitProgress("with " + victim + " back");
    }

    /** At once, not one after the other: nobody is left who has what the others lost. */
    private void loseAll() {
        List<ProcessHandle> processes = new ArrayList<>();
        flotilla.run("machine", "ls", "--no-legend", "--fields=pid")
                .text()
                .lines()
                .map(line -> Long.parseLong(line.strip()))
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(processes::add));
        assertThat(processes).hasSize(MACHINES);
        processes.forEach(ProcessHandle::destroyForcibly);
        flotilla.run("up").text();
        awaitProgress("after all were lost");
    }

    private void awaitProgress(String when) {
        int enough = acknowledged.size() + PROGRESS + random.nextInt(PROGRESS);
        Awaitility.await("acknowledged writes " + when)
                .atMost(PATIENCE)
                .until(() -> acknowledged.size() >= enough);
    }

    private List<String> endpoints() {
        return IntStream.rangeClosed(1, MACHINES)
                .mapToObj(number -> "http://" + flotilla.address(number) + ":2379")
                .toList();
    }
}
