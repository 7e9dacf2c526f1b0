package flotilla.fleet.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.fleet.api.Route;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import flotilla.platform.http.ReplyStream;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.tls.CallerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.trust.authority.Certified;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.authority.Right;
import flotilla.trust.join.JoinDesk;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Who comes how far at the port, over real TLS. */
class SecurePortTest {
    private static final String MACHINE = "a".repeat(32);

    @TempDir private Path folder;

    private final List<String> reached = new CopyOnWriteArrayList<>();
    private final List<String> audited = new CopyOnWriteArrayList<>();
    private Papers papers;
    private SecurePort port;

    @BeforeEach
    void a_port() throws IOException {
        papers = Papers.in(folder);
        port =
                SecurePort.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        papers.of(Kind.MACHINE, "b".repeat(32)).withDenied(papers.denied()),
                        _ -> JoinDesk.notHere(),
                        new Gate(
                                Callers.certified(Papers.CLUSTER, Clock.system()),
                                new Audit(audited::add),
                                this::answer));
    }

    @AfterEach
    void none() {
        port.close();
    }

    private Response answer(Request request) {
        reached.add(request.user().get() + " " + request.method() + " " + request.path());
        if (request.path().endsWith("/events")) {
            return new Response.Streamed(
                    200,
                    Map.of(),
                    sink -> {
                        sink.write("begun\n".getBytes(StandardCharsets.UTF_8));
                        new CountDownLatch(1).await();
                    });
        }
        return Response.text(200, "done");
    }

    private HttpCaller as(TlsFiles files) throws IOException {
        return HttpCaller.to(URI.create("https://127.0.0.1:" + port.port()))
                .tls(CallerTls.of(files));
    }

    private TlsFiles operator(Right right) throws IOException {
        return papers.of(Kind.OPERATOR, Profile.operator(right, "alice"));
    }

    private TlsFiles nobody() {
        return TlsFiles.NONE.withAuthority(folder.resolve("ca.pem"));
    }

    private int status(TlsFiles who, Route route) throws IOException {
        try (HttpCaller caller = as(who)) {
            return status(caller, route);
        }
    }

    private static int status(HttpCaller caller, Route route) throws IOException {
        return status(caller, route, Map.of());
    }

    private static int status(HttpCaller caller, Route route, Map<String, String> headers)
            throws IOException {
        String path = route.pattern().replace("{name}", "a.service");
        if (route != Route.EVENTS) {
            return caller.call(route.method(), path, headers, new byte[0]).status();
        }
        try (ReplyStream stream = caller.open(route.method(), path, headers, new byte[0])) {
            return stream.status();
        }
    }

    @Test
    void who_shows_no_certificate_comes_to_no_route() throws IOException {
        try (HttpCaller caller = as(nobody())) {
            for (Route route : Route.values()) {
                assertThat(status(caller, route)).as(route.name()).isEqualTo(401);
            }
        }
        assertThat(reached).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Right.class, names = "MACHINE", mode = Mode.EXCLUDE)
    void an_operator_comes_to_what_the_role_covers_and_nothing_else(Right right)
            throws IOException {
        try (HttpCaller caller = as(operator(right))) {
            for (Route route : Route.values()) {
                assertThat(status(caller, route))
                        .as(route.name())
                        .isEqualTo(right.covers(route.right()) ? 200 : 403);
            }
        }
    }

    @Test
    void a_machine_comes_to_what_machines_need() throws IOException {
        try (HttpCaller caller = as(papers.of(Kind.MACHINE, MACHINE))) {
            for (Route route : Route.values()) {
                assertThat(status(caller, route))
                        .as(route.name())
                        .isEqualTo(route.right() == Right.MACHINE ? 200 : 403);
            }
        }
    }

    @Test
    void a_machine_hands_on_what_somebody_asked_it_where_that_is_foreseen_and_nowhere_else()
            throws IOException {
        Map<String, String> alice = Map.of(Route.ASKED_BY, "alice");
        try (HttpCaller caller = as(papers.of(Kind.MACHINE, MACHINE))) {
            for (Route route : Route.values()) {
                assertThat(status(caller, route, alice))
                        .as(route.name())
                        .isEqualTo(
                                route.right() == Right.MACHINE
                                                || route == Route.STATUS
                                                || route == Route.JOURNAL
                                        ? 200
                                        : 403);
            }
        }
        assertThat(audited)
                .contains(
                        "machine %s asked by alice (machine) at 127.0.0.1: GET /flotilla/v1/units/a.service/journal: 200"
                                .formatted(MACHINE));
    }

    /** Else who may read would have the name of somebody else in the audit. */
    @Test
    void an_operator_is_nobody_else_for_saying_so() throws IOException {
        try (HttpCaller caller = as(operator(Right.READ))) {
            Map<String, String> bob = Map.of(Route.ASKED_BY, "bob");

            assertThat(status(caller, Route.JOURNAL, bob)).isEqualTo(200);
            assertThat(status(caller, Route.DELETE_UNIT, bob)).isEqualTo(403);
        }
        assertThat(reached).containsExactly("alice GET /flotilla/v1/units/a.service/journal");
        assertThat(audited).noneMatch(line -> line.contains("bob"));
    }

    @Test
    void a_web_page_can_not_ask_by_its_readers_certificate() throws IOException {
        try (HttpCaller caller = as(operator(Right.ADMIN))) {
            Map<String, String> page = Map.of("Origin", "https://a.example");

            assertThat(caller.call("POST", "/flotilla/v1/restart", page, new byte[0]).status())
                    .isEqualTo(403);
        }
        assertThat(reached).isEmpty();
    }

    @Test
    void a_member_of_the_store_is_nobody_here() throws IOException {
        assertThat(status(papers.of(Kind.PEER, MACHINE), Route.HEALTH)).isEqualTo(403);
        assertThat(reached).isEmpty();
    }

    /** The same authority could sign for two: then the name of the cluster is what is left. */
    @Test
    void a_certificate_of_another_cluster_is_nobodys_here() throws IOException {
        TlsFiles who = papers.of("c2", Kind.OPERATOR, Profile.operator(Right.ADMIN, "alice"));

        assertThat(status(who, Route.LIST_UNITS)).isEqualTo(403);
    }

    @Test
    void a_role_is_not_to_be_had_by_a_name() throws IOException {
        TlsFiles who = papers.of(Kind.OPERATOR, "admin");

        assertThat(status(who, Route.LIST_UNITS)).isEqualTo(403);
    }

    @Test
    void somebody_elses_certificate_gets_no_answer() throws IOException {
        Papers foreign = Papers.in(Files.createDirectory(folder.resolve("foreign")));
        TlsFiles who =
                foreign.of(Kind.OPERATOR, Profile.operator(Right.ADMIN, "alice"))
                        .withAuthority(folder.resolve("ca.pem"));

        assertThatThrownBy(() -> status(who, Route.LIST_UNITS)).isInstanceOf(IOException.class);
        assertThat(reached).isEmpty();
    }

    @Test
    void who_speaks_plainly_gets_no_answer_to_what_they_asked() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.0 400")
                    .contains("Client sent an HTTP request to an HTTPS server.");
        }
        assertThat(reached).isEmpty();
    }

    @Test
    void a_change_is_written_down_with_who_it_was_and_also_one_that_was_refused()
            throws IOException {
        status(operator(Right.OPERATE), Route.DELETE_UNIT);
        status(operator(Right.OPERATE), Route.LIST_UNITS);
        status(operator(Right.READ), Route.DELETE_UNIT);

        assertThat(audited)
                .containsExactly(
                        "operator alice (operate) at 127.0.0.1: DELETE /fleet/v1/units/a.service: 200",
                        "operator alice (read) at 127.0.0.1: DELETE /fleet/v1/units/a.service: 403");
        assertThat(reached).contains("alice DELETE /fleet/v1/units/a.service");
    }

    /** By the file alone, which is looked at once in a second. */
    @Test
    void who_is_put_out_loses_the_open_connection_and_gets_no_other() throws IOException {
        TlsFiles who = operator(Right.READ);
        try (HttpCaller caller = as(who);
                ReplyStream events = events(caller)) {
            Files.writeString(papers.denied(), "flotilla://c1/operator/read/alice\n");

            assertThatThrownBy(events::readLine).isInstanceOf(IOException.class);
        }
        await().untilAsserted(() ->
                assertThatThrownBy(() -> status(who, Route.HEALTH))
                        .isInstanceOf(IOException.class));
        assertThat(status(operator(Right.ADMIN), Route.HEALTH)).isEqualTo(200);
    }

    private static ReplyStream events(HttpCaller caller) throws IOException {
        ReplyStream events = caller.open("GET", "/flotilla/v1/events", Map.of(), new byte[0]);
        assertThat(events.readLine()).hasValue("begun");
        return events;
    }

    @Test
    void a_connection_is_cut_as_soon_as_it_is_told() throws IOException {
        try (HttpCaller caller = as(operator(Right.READ));
                ReplyStream events = events(caller)) {
            port.cut(shown ->
                    Certified.of(shown).flatMap(Certified::right).equals(Optional.of(Right.READ)));

            assertThatThrownBy(events::readLine).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_machine_that_does_not_sign_says_so_at_the_desk() throws IOException {
        try (HttpCaller caller = as(nobody())) {
            Reply reply = caller.postJson("/v1/join", "{}");

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("ask one that signs");
        }
    }
}
