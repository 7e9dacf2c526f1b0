package flotilla.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.platform.Clock;
import flotilla.platform.metrics.Metrics;
import flotilla.platform.tls.Authority.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends over a real connection, with certificates that openssl made. */
class TlsTest {
    private static final String HOST = "IP:127.0.0.1,DNS:localhost";

    @TempDir private static Path folder;
    private static Authority authority;
    private static Authority stranger;
    private static Issued server;
    private static Issued client;

    @BeforeAll
    static void issue() throws Exception {
        authority = Authority.in(folder.resolve("ca"));
        stranger = Authority.in(folder.resolve("stranger"));
        server = authority.issue("server", HOST);
        client = authority.issue("client", "");
    }

    private static TlsPair serve(TlsFiles files, TlsRules rules) throws Exception {
        return new TlsPair(ServerTls.open(TlsOptions.of(files, rules), List.of()));
    }

    private static ClientTls dial(TlsFiles files) throws IOException {
        return ClientTls.open(TlsOptions.of(files, TlsRules.PLAIN), List.of());
    }

    private static TlsFiles trusting(Path ca) {
        return new TlsFiles(Optional.empty(), Optional.empty(), Optional.of(ca), Optional.empty());
    }

    @Test
    void a_client_speaks_with_a_server_that_its_authority_vouches_for_and_no_other()
            throws Exception {
        try (TlsPair pair = serve(server.trusting(authority.file()), TlsRules.PLAIN)) {
            assertThat(pair.tries(dial(trusting(authority.file())))).isEqualTo("in");
            assertThat(pair.tries(dial(trusting(authority.file())), "localhost")).isEqualTo("in");
            assertThat(pair.tries(dial(trusting(stranger.file())))).contains("SSLHandshake");
            assertThat(pair.tries(dial(trusting(authority.file())), "a.example"))
                    .contains("SSLHandshake");
            assertThat(pair.tries(dial(TlsFiles.NONE))).contains("SSLHandshake");
        }
    }

    @Test
    void a_mutual_server_lets_in_who_shows_a_certificate_of_its_authority() throws Exception {
        Issued foreign = stranger.issue("foreign", "");
        Issued past =
                authority.issue(
                        "past",
                        "",
                        "rsa:2048",
                        "-startdate",
                        "20200101000000Z",
                        "-enddate",
                        "20210101000000Z");
        Path ca = authority.file();
        try (TlsPair pair = serve(server.trusting(ca), TlsRules.MUTUAL)) {
            assertThat(pair.tries(dial(client.trusting(ca)))).isEqualTo("in");
            assertThat(pair.tries(dial(trusting(ca)))).isNotEqualTo("in");
            assertThat(pair.tries(dial(foreign.trusting(ca)))).isNotEqualTo("in");
            assertThatThrownBy(() -> dial(past.trusting(ca))).hasMessageContaining("expired");
            assertThat(sClient(pair, "-tls1_2 -cert " + past.certificate() + " -key " + past.key()))
                    .contains("alert certificate unknown");
        }
    }

    @Test
    void who_is_refused_is_counted_and_learns_nothing_of_the_reason() throws Exception {
        TlsRules rules = new TlsRules(TlsRules.Asking.MUST, Set.of("root"), Set.of(), false, false);
        ServerTls tls =
                ServerTls.open(TlsOptions.of(server.trusting(authority.file()), rules), List.of());
        Metrics metrics = new Metrics();
        tls.show(metrics);
        try (TlsPair pair = new TlsPair(tls)) {
            String told = pair.tries(dial(client.trusting(authority.file())));

            assertThat(told).isNotEqualTo("in").doesNotContain("root").doesNotContain("client");
            await().until(() -> metrics.text().contains("flotilla_tls_refused_total 1.0"));
        }
    }

    @Test
    void new_connections_use_new_files_and_open_ones_go_on() throws Exception {
        Path folderOfServer = Files.createDirectories(folder.resolve("renewed"));
        Issued used = copy(server, folderOfServer);
        Issued next = authority.issue("next", HOST);
        try (TlsPair pair = serve(used.trusting(authority.file()), TlsRules.PLAIN)) {
            ClientTls dialler = dial(trusting(authority.file()));
            TlsPair.Call before = pair.call(dialler, "127.0.0.1");
            assertThat(name(before)).isEqualTo("CN=server");

            copy(next, folderOfServer);

            await().until(() -> name(pair.call(dialler, "127.0.0.1")).equals("CN=next"));
            assertThat(before.ask("still here")).isEqualTo("still here");
        }
    }

    @Test
    void files_that_can_t_be_used_leave_the_former_ones_in_use() throws Exception {
        Path folderOfServer = Files.createDirectories(folder.resolve("broken"));
        Issued used = copy(server, folderOfServer);
        Issued next = authority.issue("mended", HOST);
        StoppedClock clock = new StoppedClock();
        int[] made = {0};
        Renewed<Identity> renewed =
                Renewed.of(
                        List.of(used.certificate(), used.key()),
                        () -> {
                            made[0]++;
                            return Identity.read(used.certificate(), used.key(), Instant.now());
                        },
                        clock);
        Identity first = renewed.now();

        Files.writeString(used.certificate(), "half a file");
        assertThat(renewed.now()).as("within a second").isSameAs(first);
        assertThat(made[0]).isEqualTo(1);
        clock.pass(Duration.ofSeconds(1));
        assertThat(renewed.now()).isSameAs(first);
        clock.pass(Duration.ofSeconds(1));
        assertThat(renewed.now()).isSameAs(first);
        assertThat(made[0]).as("told once").isEqualTo(2);

        Files.delete(used.certificate());
        clock.pass(Duration.ofSeconds(1));
        assertThat(renewed.now()).isSameAs(first);

        copy(next, folderOfServer);
        clock.pass(Duration.ofSeconds(1));
        assertThat(renewed.now().chain().getFirst().getSubjectX500Principal().getName())
                .isEqualTo("CN=mended");
    }

    @Test
    void a_certificate_revoked_while_the_server_runs_is_refused_from_then_on() throws Exception {
        Issued lost = authority.issue("lost", "");
        Path list = Files.copy(authority.revoke(), folder.resolve("list.pem"));
        TlsFiles files =
                new TlsFiles(
                        Optional.of(server.certificate()),
                        Optional.of(server.key()),
                        Optional.of(authority.file()),
                        Optional.of(list));
        try (TlsPair pair = serve(files, TlsRules.MUTUAL)) {
            // One client that could take its session up again.
            ClientTls dialler = dial(lost.trusting(authority.file()));
            assertThat(pair.tries(dialler)).isEqualTo("in");

            replace(authority.revoke(lost), list);

            await().until(() -> !pair.tries(dialler).equals("in"));
            assertThat(pair.tries(dial(client.trusting(authority.file())))).isEqualTo("in");
        }
    }

    @Test
    void older_versions_than_1_2_are_refused() throws Exception {
        try (TlsPair pair = serve(server.trusting(authority.file()), TlsRules.PLAIN)) {
            assertThat(sClient(pair, "-tls1_1")).doesNotContain("Cipher is TLS").contains("alert");
            assertThat(sClient(pair, "-tls1_2")).contains("New, TLSv1.2, Cipher is");
            assertThat(sClient(pair, "-tls1_3")).contains("New, TLSv1.3, Cipher is");
        }
    }

    private static String sClient(TlsPair pair, String options) throws Exception {
        try {
            return authority.openssl(
                    "s_client -connect 127.0.0.1:"
                            + pair.port()
                            + " "
                            + options
                            + " -cipher DEFAULT@SECLEVEL=0");
        } catch (IOException refused) {
            return String.valueOf(refused.getMessage());
        }
    }

    @Test
    void only_the_ciphers_named_are_spoken() throws Exception {
        TlsProtocol one =
                new TlsProtocol(
                        TlsProtocol.Version.TLS1_2,
                        TlsProtocol.Version.TLS1_2,
                        List.of("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"));
        TlsOptions options = new TlsOptions(server.trusting(authority.file()), TlsRules.PLAIN, one);
        try (TlsPair pair = new TlsPair(ServerTls.open(options, List.of()))) {
            assertThat(sClient(pair, "-tls1_2"))
                    .contains("Cipher is ECDHE-ECDSA-CHACHA20-POLY1305");
            assertThat(sClient(pair, "-tls1_3")).contains("alert");
        }
        assertThatThrownBy(() ->
                        new TlsProtocol(
                                TlsProtocol.Version.TLS1_2,
                                TlsProtocol.Version.TLS1_3,
                                List.of("FOO")))
                .hasMessageContaining("unexpected TLS cipher suite \"FOO\"");
    }

    @Test
    void who_speaks_plainly_is_told_so() throws Exception {
        try (TlsPair pair = serve(server.trusting(authority.file()), TlsRules.PLAIN);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), pair.port())) {
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.0 400 Bad Request")
                    .endsWith("Client sent an HTTP request to an HTTPS server.\n");
        }
    }

    @Test
    void a_certificate_of_our_own_is_secret_and_is_kept() throws Exception {
        Path own = folder.resolve("own/fixtures/client");
        TlsFiles files = SelfSigned.in(own, List.of("127.0.0.1", "a.example"), 1, Clock.system());
        byte[] made = Files.readAllBytes(files.certificate().orElseThrow());

        assertThat(mode(files.key().orElseThrow())).isEqualTo("rw-------");
        assertThat(mode(files.certificate().orElseThrow())).isEqualTo("rw-------");
        assertThat(mode(own)).isEqualTo("rwx------");
        TlsFiles again = SelfSigned.in(own, List.of("other"), 1, Clock.system());
        assertThat(again).isEqualTo(files);
        assertThat(Files.readAllBytes(files.certificate().orElseThrow())).isEqualTo(made);
        try (TlsPair pair = serve(files, TlsRules.PLAIN)) {
            assertThat(pair.tries(dial(trusting(files.certificate().orElseThrow()))))
                    .isEqualTo("in");
            assertThat(pair.tries(dial(trusting(authority.file())))).contains("SSLHandshake");
            TlsRules anybody = new TlsRules(TlsRules.Asking.NOT, Set.of(), Set.of(), false, true);
            assertThat(
                            pair.tries(
                                    ClientTls.open(
                                            TlsOptions.of(TlsFiles.NONE, anybody), List.of()),
                                    "any.name"))
                    .isEqualTo("in");
        }
    }

    @Test
    void a_certificate_of_our_own_that_is_damaged_or_over_is_made_anew() throws Exception {
        Path own = folder.resolve("damaged");
        TlsFiles files = SelfSigned.in(own, List.of("127.0.0.1"), 1, Clock.system());
        Path certificate = files.certificate().orElseThrow();
        Files.writeString(certificate, "half");
        SelfSigned.in(own, List.of("127.0.0.1"), 1, Clock.system());
        byte[] made = Files.readAllBytes(certificate);
        assertThat(Pem.read(certificate).certificates()).hasSize(1);

        StoppedClock later = new StoppedClock();
        later.pass(Duration.ofDays(400));
        SelfSigned.in(own, List.of("127.0.0.1"), 1, later);

        assertThat(Files.readAllBytes(certificate)).isNotEqualTo(made);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static String name(TlsPair.Call call) {
        return ((X509Certificate) call.shown()).getSubjectX500Principal().getName();
    }

    private static Issued copy(Issued from, Path folder) throws IOException {
        Issued copy = new Issued(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        replace(from.certificate(), copy.certificate());
        replace(from.key(), copy.key());
        return copy;
    }

    private static void replace(Path from, Path to) throws IOException {
        Path fresh = Files.copy(from, to.resolveSibling(to.getFileName() + ".new"));
        Files.move(fresh, to, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Time that passes only when told. */
    private static final class StoppedClock implements Clock {
        private final Instant begin = Instant.now();
        private Duration passed = Duration.ZERO;

        void pass(Duration time) {
            passed = passed.plus(time);
        }

        @Override
        public long nanos() {
            return passed.toNanos();
        }

        @Override
        public Instant now() {
            return begin.plus(passed);
        }
    }
}
