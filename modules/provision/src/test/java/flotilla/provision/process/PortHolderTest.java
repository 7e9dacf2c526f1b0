package flotilla.provision.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortHolderTest {
    private static final String ADDRESS = "127.77.99.1";

    @Test
    void a_taken_port_names_the_process_that_listens_there() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            assertThat(PortHolder.of(ADDRESS, taken.getLocalPort()).orElseThrow())
                    .startsWith("process " + ProcessHandle.current().pid() + " (")
                    .contains("java");
        }
    }

    @Test
    void a_listener_on_all_addresses_holds_ours_too() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("0.0.0.0"))) {
            assertThat(PortHolder.of(ADDRESS, taken.getLocalPort())).isPresent();
        }
    }

    @Test
    void a_free_port_is_free() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
            port = socket.getLocalPort();
        }
        assertThat(PortHolder.of(ADDRESS, port)).isEmpty();
    }
}
