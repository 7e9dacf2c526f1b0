package flotilla.platform.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** sd_listen_fds(3). That a real one is served is seen on hosts with systemd. */
class HandedSocketTest {
    @Test
    void what_is_meant_for_another_process_is_not_taken() {
        Map<String, String> environment = Map.of("LISTEN_PID", "41", "LISTEN_FDS", "1");

        assertThat(HandedSocket.count(environment, 42)).isZero();
        assertThat(HandedSocket.count(environment, 41)).isEqualTo(1);
    }

    @Test
    void without_a_manager_nothing_is_handed_over() throws IOException {
        assertThat(HandedSocket.count(Map.of(), 42)).isZero();
        assertThat(HandedSocket.take()).isEmpty();
    }
}
