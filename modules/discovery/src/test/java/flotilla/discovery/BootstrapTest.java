package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.discovery.DiscoveryException.Kind;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BootstrapTest {
    private static final InetSocketAddress LOOPBACK =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir private Path directory;

    private final ExecutorService machines = Executors.newVirtualThreadPerTaskExecutor();
    private DiscoveryServer server;

    @BeforeEach
    void start() throws IOException {
        server = DiscoveryServer.start(new DiscoveryConfig(LOOPBACK, "unused", directory));
    }

    @AfterEach
    void stop() {
        machines.shutdownNow();
        server.close();
    }

    private URI token(int size) throws IOException {
        URI base = URI.create("http://127.0.0.1:" + server.port());
        try (HttpCaller caller = HttpCaller.to(base)) {
            String url = caller.get("/new?size=" + size).text();
            return base.resolve(url.substring(url.lastIndexOf('/')));
        }
    }

    /** A data directory that keeps nothing but this. */
    private static final class Memory implements Attempt {
        private boolean begun;

        @Override
        public synchronized boolean mayBeDone() {
            return begun;
        }

        @Override
        public synchronized void begin() {
            begun = true;
        }

        @Override
        public synchronized void drop() {
            begun = false;
        }
    }

    private static Self machine(int number) {
        return new Self(
                "%016x".formatted(number),
                "core-" + number,
                List.of("http://10.0.0." + number + ":2380", "http://10.1.0." + number + ":2380"));
    }

    private Future<List<Registered>> join(URI url, int number) {
        Callable<List<Registered>> joining =
                () -> Bootstrap.join(url, machine(number), new Memory(), progress -> {});
        return machines.submit(joining);
    }

    private static void assertFails(URI url, Self self, Kind kind, String text) {
        assertThatThrownBy(() -> Bootstrap.join(url, self, new Memory(), progress -> {}))
                .isInstanceOfSatisfying(
                        DiscoveryException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(text);
    }

    @Test
    void three_machines_learn_of_each_other_in_one_order() throws Exception {
        URI url = token(3);

        List<Future<List<Registered>>> joins = List.of(join(url, 1), join(url, 2), join(url, 3));

        List<Registered> first = joins.getFirst().get();
        assertThat(first)
                .extracting(Registered::name)
                .containsExactlyInAnyOrder("core-1", "core-2", "core-3");
        assertThat(first.getFirst().peerUrls()).hasSize(2);
        for (Future<List<Registered>> other : joins) {
            assertThat(other.get()).isEqualTo(first);
        }
    }

    @Test
    void the_fourth_of_three_is_told_the_token_is_full() throws Exception {
        URI url = token(1);
        join(url, 1).get();

        assertFails(url, machine(2), Kind.FULL, "make a new token with curl");
    }

    @Test
    void a_machine_that_lost_its_disk_is_told_it_registered_before() throws Exception {
        URI url = token(1);
        join(url, 1).get();

        assertFails(
                url,
                machine(1),
                Kind.DUPLICATE_ID,
                "has previously registered with discovery service token");
    }

    @Test
    void a_machine_that_crashed_while_it_waited_goes_on() throws Exception {
        URI url = token(2);
        Memory disk = new Memory();
        CompletableFuture<String> waits = new CompletableFuture<>();
        Callable<List<Registered>> joining =
                () -> Bootstrap.join(url, machine(1), disk, waits::complete);
        Future<List<Registered>> crashed = machines.submit(joining);
        assertThat(waits.get()).contains("waiting for 1 more");
        crashed.cancel(true);

        Future<List<Registered>> again = machines.submit(joining);
        Future<List<Registered>> other = join(url, 2);

        assertThat(again.get()).extracting(Registered::name).containsExactly("core-1", "core-2");
        assertThat(other.get()).isEqualTo(again.get());
    }

    @Test
    void a_refused_registration_is_not_taken_for_ones_own_later() throws Exception {
        URI url = token(1);
        join(url, 1).get();
        Memory fresh = new Memory();
        Callable<List<Registered>> joining =
                () -> Bootstrap.join(url, machine(1), fresh, progress -> {});

        assertThatThrownBy(joining::call).hasMessageContaining("previously registered");
        assertThatThrownBy(joining::call).hasMessageContaining("previously registered");
        assertThat(fresh.mayBeDone()).isFalse();
    }

    @Test
    void two_machines_of_one_name_are_told() throws Exception {
        URI url = token(2);
        Self one = new Self("000000000000000a", "same", List.of("http://10.0.0.1:2380"));
        Self two = new Self("000000000000000b", "same", List.of("http://10.0.0.2:2380"));
        Callable<List<Registered>> joining =
                () -> Bootstrap.join(url, one, new Memory(), progress -> {});
        var _ = machines.submit(joining);

        assertFails(url, two, Kind.DUPLICATE_NAME, "found duplicate name \"same\"");
    }

    @Test
    void an_unknown_token_and_a_wrong_url_are_told_apart() throws Exception {
        URI unknown = token(1).resolve("/" + "0".repeat(32));

        assertFails(unknown, machine(1), Kind.SIZE_NOT_FOUND, "size key not found");
        assertFails(
                URI.create("ftp://h/t"), machine(1), Kind.INVALID_URL, "http://HOST:PORT/TOKEN");
    }

    @Test
    void a_server_of_something_else_is_a_bad_endpoint() throws IOException {
        try (HttpServer other =
                HttpServer.listen(LOOPBACK, request -> Response.text(200, "<html>"))) {
            URI url = URI.create("http://127.0.0.1:" + other.port() + "/token");

            assertFails(url, machine(1), Kind.BAD_ENDPOINT, "bad discovery endpoint");
        }
    }

    @Test
    void network_errors_are_tried_again_after_doubling_pauses() throws Exception {
        URI url = token(1);
        int port = server.port();
        server.close();
        List<Long> pauses = new ArrayList<>();
        CompletableFuture<List<Registered>> joined = new CompletableFuture<>();
        Bootstrap.Pause pause =
                duration -> {
                    pauses.add(duration.toSeconds());
                    if (pauses.size() == 4) {
                        restart(port);
                    }
                };

        joined.complete(
                Bootstrap.join(
                        url,
                        machine(1),
                        new Bootstrap.Surroundings(new Memory(), progress -> {}, pause)));

        assertThat(joined.join()).hasSize(1);
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L);
        assertThat(Duration.ofSeconds(1L << Bootstrap.BACK_OFF_MAX_EXPONENT))
                .isEqualTo(Duration.ofSeconds(256));
    }

    private void restart(int port) {
        try {
            InetSocketAddress same = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            server = DiscoveryServer.start(new DiscoveryConfig(same, "unused", directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
