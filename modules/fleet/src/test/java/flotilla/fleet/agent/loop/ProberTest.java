package flotilla.fleet.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.Event;
import flotilla.fleet.job.HealthCheck;
import flotilla.fleet.job.HealthCheck.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks with real sockets. */
@Timeout(60)
class ProberTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final List<CompletableFuture<String>> commands = new ArrayList<>();
    private final Prober prober =
            new Prober(
                    (_, _, _) -> {
                        synchronized (commands) {
                            commands.add(new CompletableFuture<>());
                            return commands.getLast();
                        }
                    },
                    events::add);

    private String ask(Probe probe, Duration timeout) throws InterruptedException {
        prober.ask(
                new Action.Probe(7, "a.service", new HealthCheck(probe, Duration.ZERO, timeout)));
        Event.Probed answer = answer();
        assertThat(answer.order()).isEqualTo(7);
        assertThat(answer.unit()).isEqualTo("a.service");
        return answer.problem();
    }

    private Event.Probed answer() throws InterruptedException {
        return (Event.Probed) Objects.requireNonNull(events.poll(50, TimeUnit.SECONDS), "answer");
    }

    @ParameterizedTest
    @CsvSource({"200, true", "204, true", "302, true", "404, false", "500, false", "503, false"})
    void a_url_that_answers_with_2xx_or_3xx_is_well(int status, boolean well) throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().add("Location", "/elsewhere");
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/up");

            String problem = ask(new Probe.Http(url), LONG);

            assertThat(problem).isEqualTo(well ? "" : url + " answered " + status);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_port_that_takes_connections_is_well_and_one_that_does_not_says_why() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(ask(new Probe.Tcp("127.0.0.1", port), LONG)).isEmpty();
        }

        assertThat(ask(new Probe.Tcp("127.0.0.1", port), LONG))
                .isEqualTo("127.0.0.1:" + port + ": Connection refused");
        assertThat(ask(new Probe.Http(URI.create("http://127.0.0.1:" + port)), LONG))
                .contains("http://127.0.0.1:" + port + ": ");
        assertThat(ask(new Probe.Tcp("no.such.host.invalid", 1), LONG)).isNotEmpty();
    }

    @Test
    void what_takes_a_connection_and_never_answers_is_given_up() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");

            assertThat(ask(new Probe.Http(url), Duration.ofMillis(200)))
                    .isEqualTo(url + " has not answered within 200 ms");
        }
    }

    @Test
    void an_answer_of_which_the_body_never_ends_is_given_up() throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> exchange.sendResponseHeaders(200, 0));
        server.start();
        try {
            URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");

            assertThat(ask(new Probe.Http(url), Duration.ofMillis(500)))
                    .isEqualTo(url + " has not answered within 500 ms");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void only_so_many_are_asked_at_once() throws Exception {
        for (int i = 0; i < 40; i++) {
            prober.ask(
                    new Action.Probe(
                            i,
                            "a.service",
                            new HealthCheck(new Probe.Exec("x"), Duration.ZERO, LONG)));
        }
        for (int answered = 0; answered < 40; answered++) {
            CompletableFuture<String> next = command(answered);
            synchronized (commands) {
                assertThat(commands).hasSizeLessThanOrEqualTo(answered + 16);
            }
            next.complete("no " + answered);
            assertThat(answer().problem()).isEqualTo("no " + answered);
        }
    }

    private CompletableFuture<String> command(int index) throws IOException {
        while (true) {
            synchronized (commands) {
                if (commands.size() > index) {
                    return commands.get(index);
                }
            }
            Thread.onSpinWait();
        }
    }
}
