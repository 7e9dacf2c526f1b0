package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.fleet.job.Capacity;
import flotilla.fleet.job.Machine;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Peers;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a machine does with a question that names another one, which is a real server here. */
class RelayTest {
    private static final String HERE = "a".repeat(32);
    private static final String THERE = "b".repeat(32);

    private final List<Request> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Machine> machines = new TreeMap<>();
    private HttpServer there;

    @BeforeEach
    void another_machine() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        there = HttpServer.listen(any, this::answer);
        machines.put(
                THERE,
                new Machine(THERE, "127.0.0.1", "core-02", Map.of(), new Capacity(0, 0), "1"));
    }

    @AfterEach
    void none() {
        there.close();
    }

    private Response answer(Request request) {
        asked.add(request);
        return new Response.Streamed(
                200,
                Map.of("Content-Type", "application/x-ndjson"),
                sink -> sink.write("{}\n".getBytes(StandardCharsets.UTF_8)));
    }

    private Relay relay(Peers peers) {
        return new Relay(id -> Optional.ofNullable(machines.get(id)), HERE, Optional.of(peers));
    }

    private Relay relay() {
        return relay(_ -> HttpCaller.to(URI.create("http://127.0.0.1:" + there.port())));
    }

    private static Request question(String machine, Map<String, String> headers) {
        Map<String, List<String>> query = new TreeMap<>();
        query.put("lines", List.of("3"));
        query.put("machine", List.of(machine));
        String path = "/flotilla/v1/units/a b@%.service/journal";
        return new Request("GET", path, query, headers, new byte[0]).by("ali ce");
    }

    private static String whole(Response response) throws IOException, InterruptedException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Response.StreamBody body = ((Response.Streamed) response).body();
        body.writeTo(
                new Response.Sink() {
                    @Override
                    public void write(byte[] chunk) {
                        all.writeBytes(chunk);
                    }

                    @Override
                    public boolean closed() {
                        return false;
                    }
                });
        body.ended();
        return all.toString(StandardCharsets.UTF_8);
    }

    @Test
    void what_is_for_another_comes_to_it_as_it_was_asked_with_who_asked_and_back()
            throws Exception {
        Response response = relay().answer(question(THERE, Map.of())).orElseThrow();

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("Content-Type", "application/x-ndjson");
        assertThat(whole(response)).isEqualTo("{}\n");
        Request came = asked.getFirst();
        assertThat(came.path()).isEqualTo("/flotilla/v1/units/a b@%.service/journal");
        assertThat(came.parameter("lines")).hasValue("3");
        assertThat(came.parameter("machine")).hasValue(THERE);
        assertThat(came.header("asked-by")).hasValue("ali%20ce");
    }

    @Test
    void what_is_for_this_machine_is_answered_here() throws ApiException {
        assertThat(relay().answer(question(HERE, Map.of()))).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void what_was_handed_on_is_not_handed_on_again() {
        assertThatThrownBy(() -> relay().answer(question(THERE, Map.of("asked-by", "alice"))))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(421));
        assertThat(asked).isEmpty();
    }

    @Test
    void a_machine_that_is_down_is_named() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        Relay relay = relay(_ -> HttpCaller.to(URI.create("http://127.0.0.1:" + nobody)));

        assertThatThrownBy(() -> relay.answer(question(THERE, Map.of())))
                .hasMessageStartingWith("core-02 does not answer: ")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(502));
    }

    @Test
    void a_machine_that_is_not_in_the_cluster_is_not_looked_for() {
        assertThatThrownBy(() -> relay().answer(question("c".repeat(32), Map.of())))
                .hasMessageContaining("is not in the cluster")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(404));
    }

    @Test
    void without_certificates_it_says_how_machines_come_to_them() {
        Relay relay =
                new Relay(id -> Optional.ofNullable(machines.get(id)), HERE, Optional.empty());

        assertThatThrownBy(() -> relay.answer(question(THERE, Map.of())))
                .hasMessageContaining("flotilla join");
    }
}
