package flotilla.cli.fleetctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import flotilla.cli.command.CommandFailure;
import flotilla.fleet.api.FleetClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a machine counts as empty, and what is said of one that is not. */
@Timeout(60)
class EmptyingTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String NOTHING = "{}";
    private static final String ELSEWHERE =
            "{\"units\":[{\"name\":\"a.service\",\"machineID\":\"m2\"}]}";
    private static final String HERE = ELSEWHERE.replace("m2", "m1");
    private static final String STOPS_HERE =
            """
            {"states":[{"name":"a.service","machineID":"m1","systemdActiveState":"deactivating",
             "systemdSubState":"stop-sigterm"}]}
            """;

    private final HttpServer fleet = server();
    private FleetClient client = FleetClient.to(URI.create("http://127.0.0.1:1"));

    @BeforeEach
    void serve() {
        client = FleetClient.to(URI.create("http://127.0.0.1:" + fleet.getAddress().getPort()));
        answer("/flotilla/v1/machines", List.of(machines("draining")));
        fleet.start();
    }

    @AfterEach
    void stop() {
        client.close();
        fleet.stop(0);
    }

    @Test
    void a_machine_is_empty_when_no_unit_belongs_to_it_and_it_reports_none()
            throws InterruptedException {
        AtomicInteger units = answer("/fleet/v1/units", List.of(HERE, ELSEWHERE));
        AtomicInteger states =
                answer("/fleet/v1/state", List.of(STOPS_HERE, STOPS_HERE, STOPS_HERE, NOTHING));

        new Emptying(client, "m1", "core-01").await(LONG);

        assertThat(units).hasValue(4);
        assertThat(states).hasValue(4);
    }

    @Test
    void at_the_deadline_each_unit_is_named_with_what_keeps_it() {
        answer("/fleet/v1/units", List.of(HERE));
        answer("/fleet/v1/state", List.of(STOPS_HERE.replace("a.service", "log.service")));
        answer(
                "/flotilla/v1/units/a.service/status",
                List.of(
                        """
                        {"name":"a.service","hash":"h","desiredState":"launched","machineID":"m1",
                         "waiting":"its machine is drained, but no other can have it",
                         "refusals":[{"machineID":"m2","machine":"core-02","reason":"is cordoned"}]}
                        """));

        assertThatThrownBy(() -> new Emptying(client, "m1", "core-01").await(Duration.ZERO))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(
                        """
                        core-01 still has 2 at the deadline:
                        a.service waits: its machine is drained, but no other can have it
                          core-02: is cordoned
                        log.service is still there: deactivating (stop-sigterm)
                        No unit comes to it: 'flotilla drain' waits on, 'flotilla uncordon' takes it\
                         back\
                        """);
    }

    @Test
    void a_machine_that_is_uncordoned_meanwhile_ends_the_wait() {
        answer("/fleet/v1/units", List.of(HERE));
        answer("/fleet/v1/state", List.of(NOTHING));
        fleet.removeContext("/flotilla/v1/machines");
        answer("/flotilla/v1/machines", List.of(machines("ready")));

        assertThatThrownBy(() -> new Emptying(client, "m1", "core-01").await(LONG))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("core-01 is ready now, not drained: it was told so meanwhile");
    }

    private static String machines(String eligibility) {
        return "{\"machines\":[{\"id\":\"m1\",\"eligibility\":\"%s\"}]}".formatted(eligibility);
    }

    /** The first answer to the first question and so on; the last goes on for ever. */
    private AtomicInteger answer(String path, List<String> bodies) {
        AtomicInteger asked = new AtomicInteger();
        fleet.createContext(
                path,
                exchange -> {
                    String body = bodies.get(Math.min(asked.getAndIncrement(), bodies.size() - 1));
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        return asked;
    }

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("no port for a fleet of the test's", e);
        }
    }
}
