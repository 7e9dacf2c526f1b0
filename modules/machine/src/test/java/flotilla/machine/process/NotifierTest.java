package flotilla.machine.process;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.machine.process.NotifySocket.Message;
import flotilla.platform.notify.Notifier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** The words that our daemons say, heard by the socket that our init hears with. */
class NotifierTest {
    private final BlockingQueue<Message> heard = new LinkedBlockingQueue<>();

    @Test
    void a_daemon_is_heard_at_an_abstract_address() throws Exception {
        try (NotifySocket socket = NotifySocket.open("test-" + UUID.randomUUID(), heard::add)) {
            Notifier manager = Notifier.of(Map.of("NOTIFY_SOCKET", socket.address()), 1);

            manager.ready();
            manager.status("waits\nfor two");
            manager.alive();
            manager.stopping();

            assertThat(List.of(line(), line(), line(), line()))
                    .containsExactly("READY=1", "STATUS=waits for two", "WATCHDOG=1", "STOPPING=1");
        }
    }

    private String line() throws InterruptedException {
        Message message = heard.take();
        assertThat(message.sender()).isEqualTo(ProcessHandle.current().pid());
        return String.join("|", message.lines());
    }

    @Test
    void the_watchdog_is_for_the_process_that_it_names() throws IOException {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "@test", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "7");

        assertThat(Notifier.of(environment, 7).watchdog()).contains(Duration.ofSeconds(30));
        assertThat(Notifier.of(environment, 8).watchdog()).isEmpty();
    }

    @Test
    void a_daemon_that_nobody_waits_for_or_listens_to_goes_on() {
        Notifier.of(Map.of(), 1).ready();
        Notifier.of(Map.of("NOTIFY_SOCKET", "/nonexistent/notify"), 1).ready();

        assertThat(Notifier.of(Map.of("WATCHDOG_USEC", "1000"), 1).watchdog()).isEmpty();
    }
}
