package flotilla.provision.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JvmProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path directory;

    @AfterEach
    void leave_no_process() {
        ProcessTable.find(Greedy.class, directory).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** A member alive and deaf would keep its lease and do nothing for it. */
    @Test
    void a_process_that_runs_out_of_memory_on_any_thread_ends() {
        JvmProcess process = new JvmProcess(Greedy.class, directory, List.of(), List.of("-Xmx16m"));

        process.start(Map.of());

        Awaitility.await("its end")
                .atMost(PATIENCE)
                .until(() ->
                        Files.readString(process.console()).contains("OutOfMemoryError")
                                && ProcessTable.find(Greedy.class, directory).isEmpty());
        assertThat(process.lastWords()).contains("Terminating due to java.lang.OutOfMemoryError");
    }

    /** Takes all memory on one thread, while another one waits for ever. */
    static final class Greedy {
        private static final int BLOCK_BYTES = 1 << 20;

        private Greedy() {}

        public static void main(String[] arguments) throws InterruptedException {
            Deque<byte[]> taken = new ArrayDeque<>();
            Thread.ofPlatform()
                    .start(() -> {
                        while (!Thread.interrupted()) {
                            taken.addFirst(new byte[BLOCK_BYTES + taken.size()]);
                        }
                    });
            new CountDownLatch(1).await();
        }
    }
}
