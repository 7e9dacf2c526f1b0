package flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the original's fleetctl says over its connection, byte by byte, command by command, and what
 * it makes of the answers (fleet 1.0, {@code client/http.go}, {@code schema/v1-gen.go}): targets in
 * absolute form with {@code alt=json}, names escaped as in a query, one connection for all of it,
 * bodies without what is empty.
 */
@Timeout(120)
class OriginalClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FILE =
            "\"options\":[{\"name\":\"ExecStart\",\"section\":\"Service\",\"value\":\"/bin/sleep 9\"}]";

    @TempDir private Path directory = Path.of("");
    private OneMachine one;
    private SocketChannel connection;
    private InputStream in;

    @BeforeEach
    void one_machine() throws IOException, InterruptedException {
        one = OneMachine.start("m1", directory, _ -> {});
        connection =
                SocketChannel.open(
                        UnixDomainSocketAddress.of(FleetDaemon.socket(directory.resolve("m1"))));
        in = Channels.newInputStream(connection);
    }

    @AfterEach
    void none() throws IOException, InterruptedException {
        connection.close();
        one.close();
    }

    private record Answer(int status, String body) {
        JsonObject json() {
            return JsonObject.read(body);
        }
    }

    private Answer get(String resource) {
        return call("GET", resource, "");
    }

    /** As the generated client does a call; any status from 200 to 299 is good to it. */
    private Answer call(String method, String resource, String body) {
        String query = resource.contains("?") ? "&" : "?";
        // Parameters come in the order of their names.
        String target =
                "http://domain-sock/fleet/v1/"
                        + resource.replace("?", "?alt=json&")
                        + (query.equals("?") ? "?alt=json" : "");
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        head.append("Host: domain-sock\r\nUser-Agent: google-api-go-client/0.5\r\n");
        if (!body.isEmpty()) {
            head.append("Content-Length: ").append(body.length() + 1).append("\r\n");
            head.append("Content-Type: application/json\r\n");
        }
        head.append("Accept-Encoding: gzip\r\n\r\n");
        if (!body.isEmpty()) {
            head.append(body).append('\n');
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
            return answer();
        } catch (IOException e) {
            throw new AssertionError(method + " " + target + ": the connection is no more", e);
        }
    }

    private Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ", -1)[1]);
        int length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String field = line.toLowerCase(Locale.ROOT);
            assertThat(field).isNotEqualTo("connection: close").doesNotStartWith("content-encod");
            assertThat(field).doesNotStartWith("transfer-encoding");
            if (field.startsWith("content-length:")) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
        return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int sign = in.read(); sign != '\n'; sign = in.read()) {
            if (sign < 0) {
                throw new IOException("closed");
            }
            line.append((char) sign);
        }
        return line.toString().strip();
    }

    /** Submits as it does: asks, asks for the template of an instance, creates without a state. */
    private void submit(String name, String escaped) {
        Answer none = get("units/" + escaped);
        assertThat(none.status()).isEqualTo(404);
        JsonObject error = Objects.requireNonNull(none.json().object("error"));
        assertThat(error.number("code")).isEqualTo(404);
        assertThat(error.text("message")).isNotEmpty();
        assertThat(
                        call(
                                        "PUT",
                                        "units/" + escaped,
                                        "{\"name\":\"%s\",%s}".formatted(name, FILE))
                                .status())
                .isEqualTo(201);
    }

    private void want(String name, String escaped, String state) {
        String body = "{\"desiredState\":\"%s\",\"name\":\"%s\"}".formatted(state, name);
        assertThat(call("PUT", "units/" + escaped, body)).isEqualTo(new Answer(204, ""));
    }

    /** As it polls, of a unit that is not global. */
    private JsonObject await(String escaped, String current) {
        Awaitility.await(escaped + " " + current)
                .atMost(PATIENCE)
                .until(() -> current.equals(get("units/" + escaped).json().text("currentState")));
        return get("units/" + escaped).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello.service", "hello@1.service", "hello:x_y-z.service"})
    void submit_load_start_stop_unload_restart_and_destroy_find_what_they_wait_for(String name) {
        String escaped = name.replace("@", "%40").replace(":", "%3A");
        submit(name, escaped);
        JsonObject submitted = await(escaped, "inactive");
        assertThat(submitted.text("name")).isEqualTo(name);
        assertThat(submitted.text("desiredState")).isEqualTo("inactive");
        assertThat(submitted.text("machineID")).isNull();

        want(name, escaped, "loaded");
        assertThat(await(escaped, "loaded").text("machineID")).isEqualTo("m1");
        want(name, escaped, "launched");
        assertThat(await(escaped, "launched").text("machineID")).isEqualTo("m1");
        // Since 1.0 start waits for systemd too.
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> states("state?unitName=" + escaped).contains("loaded active"));

        // stop, and restart, which waits for launched after each of both.
        want(name, escaped, "loaded");
        await(escaped, "loaded");
        want(name, escaped, "launched");
        await(escaped, "launched");

        want(name, escaped, "inactive");
        await(escaped, "inactive");
        assertThat(call("DELETE", "units/" + escaped, "")).isEqualTo(new Answer(204, ""));
        Awaitility.await().atMost(PATIENCE).until(() -> get("units/" + escaped).status() == 404);
        assertThat(call("DELETE", "units/" + escaped, "").status()).isEqualTo(404);
    }

    private List<String> states(String resource) {
        List<JsonObject> states = get(resource).json().objects("states");
        return states == null
                ? List.of()
                : states.stream()
                        .map(state ->
                                state.text("systemdLoadState")
                                        + " "
                                        + state.text("systemdActiveState"))
                        .toList();
    }

    @Test
    void cat_and_status_and_journal_and_ssh_find_text_machine_and_address() {
        submit("hello.service", "hello.service");
        want("hello.service", "hello.service", "launched");
        JsonObject unit = await("hello.service", "launched");

        List<JsonObject> options = Objects.requireNonNull(unit.objects("options"));
        assertThat(options)
                .singleElement()
                .satisfies(option -> {
                    assertThat(option.text("section")).isEqualTo("Service");
                    assertThat(option.text("name")).isEqualTo("ExecStart");
                    assertThat(option.text("value")).isEqualTo("/bin/sleep 9");
                });
        assertThat(Objects.requireNonNull(get("machines").json().objects("machines")))
                .singleElement()
                .satisfies(machine -> {
                    assertThat(machine.text("id")).isEqualTo(unit.text("machineID"));
                    assertThat(machine.text("primaryIP")).isEqualTo("10.0.0.1");
                });
    }

    /** It tells a global one by its options, and takes the desired state for the current one. */
    @Test
    void a_global_unit_has_no_current_state_and_no_machine() {
        String body =
                "{\"name\":\"all.service\",%s}"
                        .formatted(
                                FILE.replace(
                                        "}]",
                                        "},{\"name\":\"Global\",\"section\":\"X-Fleet\",\"value\":\"true\"}]"));
        assertThat(call("PUT", "units/all.service", body).status()).isEqualTo(201);
        want("all.service", "all.service", "launched");

        JsonObject unit = get("units/all.service").json();

        assertThat(unit.text("desiredState")).isEqualTo("launched");
        assertThat(unit.text("currentState")).isNull();
        assertThat(unit.text("machineID")).isNull();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> states("state").equals(List.of("loaded active")));
    }

    @Test
    void lists_are_read_page_by_page() {
        List<String> names = IntStream.range(0, 101).mapToObj("u%03d.service"::formatted).toList();
        for (String name : names) {
            String body = "{\"name\":\"%s\",%s}".formatted(name, FILE);
            assertThat(call("PUT", "units/" + name, body).status()).isEqualTo(201);
        }

        JsonObject first = get("units").json();
        String token = Objects.requireNonNull(first.text("nextPageToken"));
        JsonObject second = get("units?nextPageToken=" + token.replace("=", "%3D")).json();

        assertThat(Objects.requireNonNull(first.objects("units"))).hasSize(100);
        assertThat(Objects.requireNonNull(second.objects("units")))
                .singleElement()
                .satisfies(unit -> assertThat(unit.text("name")).isEqualTo("u100.service"));
        assertThat(second.text("nextPageToken")).isNull();
        // Another of its commands asks with the numbers alone.
        assertThat(get("units?nextPageToken=ZAACAA%3D%3D").json().objects("units")).hasSize(1);
    }
}
