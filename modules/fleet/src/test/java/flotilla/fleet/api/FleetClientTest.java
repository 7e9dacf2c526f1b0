package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a fleet that is not ready for the first two calls. */
class FleetClientTest {
    @TempDir private Path directory = Path.of("");
    private final AtomicInteger calls = new AtomicInteger();
    private HttpServer server;
    private URI endpoint;

    @BeforeEach
    void listen() throws IOException {
        Path socket = directory.resolve("fleet.sock");
        server =
                HttpServer.listen(
                        UnixDomainSocketAddress.of(socket),
                        _ ->
                                calls.incrementAndGet() < 3
                                        ? Response.json(503, "{}")
                                        : Response.json(200, "{}"));
        endpoint = URI.create("unix://" + socket);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_patient_client_asks_until_fleet_is_ready() {
        try (FleetClient fleet = FleetClient.to(endpoint, Duration.ofSeconds(30))) {
            assertThat(fleet.listUnits()).isEmpty();
        }
        assertThat(calls).hasValue(3);
    }

    @Test
    void any_other_client_hears_at_once_that_fleet_is_not_ready() {
        try (FleetClient fleet = FleetClient.to(endpoint)) {
            assertThatThrownBy(fleet::listUnits)
                    .isInstanceOfSatisfying(
                            FleetException.class, e -> assertThat(e.isTemporary()).isTrue());
        }
        assertThat(calls).hasValue(1);
    }
}
