package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import flotilla.fleet.api.FleetException;
import flotilla.fleet.job.JobState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every wait ends, and says why. */
@Timeout(60)
class WaiterTest {
    private static final Set<String> UNIT = Set.of("a.service");
    private static final String NO_UNIT = "";

    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer fleet = server();
    private FleetClient client = FleetClient.to(URI.create("http://127.0.0.1:1"));

    @BeforeEach
    void serve() {
        client = FleetClient.to(URI.create("http://127.0.0.1:" + fleet.getAddress().getPort()));
        fleet.start();
    }

    @AfterEach
    void stop() {
        client.close();
        fleet.stop(0);
    }

    @Test
    void a_unit_that_is_destroyed_meanwhile_ends_the_wait() {
        answer(List.of(unit("launched", "inactive"), NO_UNIT));

        assertThatThrownBy(() -> await(0))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Unit a.service was destroyed meanwhile");
    }

    @Test
    void a_unit_that_is_told_otherwise_meanwhile_ends_the_wait() {
        answer(List.of(unit("launched", "inactive"), unit("inactive", "inactive")));

        assertThatThrownBy(() -> await(0))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "Unit a.service is wanted inactive now, not launched: it was told so"
                                + " meanwhile");
    }

    @Test
    void a_unit_that_is_gone_while_it_settles_ends_the_wait() {
        answer(List.of(NO_UNIT));

        assertThatThrownBy(() -> new Waiter(client, 0).awaitRunning(UNIT))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("Unit a.service was destroyed meanwhile");
    }

    @Test
    void a_wait_with_a_limit_says_that_it_is_over_and_what_stays() {
        answer(List.of(unit("launched", "inactive")));

        assertThatThrownBy(() -> await(1))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        "timed out waiting for a.service; it stays asked for, see 'flotilla"
                                + " status'");
    }

    @Test
    void a_fleet_that_goes_away_ends_the_wait() {
        fleet.createContext(
                "/",
                exchange -> {
                    if (asked.getAndIncrement() == 0) {
                        send(exchange, unit("launched", "inactive"));
                    } else {
                        exchange.close();
                        fleet.stop(0);
                    }
                });

        assertThatThrownBy(() -> await(0)).isInstanceOf(FleetException.class);
    }

    private void await(int attempts) throws InterruptedException {
        new Waiter(client, attempts).await(UNIT, JobState.LAUNCHED);
    }

    /** The first answer to the first look and so on; the last goes on for ever. */
    private void answer(List<String> units) {
        fleet.createContext(
                "/fleet/v1/units/",
                exchange ->
                        send(
                                exchange,
                                units.get(Math.min(asked.getAndIncrement(), units.size() - 1))));
        fleet.createContext("/fleet/v1/state", exchange -> send(exchange, "{}"));
        fleet.createContext("/flotilla/v1/", exchange -> send(exchange, NO_UNIT));
    }

    private static void send(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(
                body.isEmpty() ? 404 : 200, body.isEmpty() ? -1 : bytes.length);
        if (!body.isEmpty()) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static String unit(String desired, String current) {
        return "{\"name\":\"a.service\",\"desiredState\":\"%s\",\"currentState\":\"%s\"}"
                .formatted(desired, current);
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no port for a fleet of the test's", e);
        }
    }
}
