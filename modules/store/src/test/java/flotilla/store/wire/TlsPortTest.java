package flotilla.store.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.store.Certificates;
import flotilla.store.Cluster;
import flotilla.store.EtcdDaemon;
import flotilla.store.FreePort;
import flotilla.store.boot.EtcdConfig;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that speaks TLS, and the original's clients: etcdctl, curl, openssl. */
class TlsPortTest {
    private static final long PATIENCE_SECONDS = 30;
    private static final String HOST = "IP:127.0.0.1,DNS:localhost";

    /** A whole first record that says how a ClientHello begins, and no more of it. */
    private static final byte[] HALF_A_HANDSHAKE = {22, 3, 1, 0, 100, 1, 0, 0, 96, 3, 3};

    @TempDir private Path folder;
    private final int secure = FreePort.take();
    private final int plain = FreePort.take();
    private final List<Socket> crowd = new ArrayList<>();
    private Certificates certificates;
    private final List<EtcdDaemon> members = new ArrayList<>();

    @BeforeEach
    void issue() throws Exception {
        certificates = Certificates.in(folder.resolve("pki"));
        certificates.issue("server", HOST);
        certificates.issue("client", "");
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket one : crowd) {
            one.close();
        }
        for (EtcdDaemon member : members) {
            member.close();
        }
    }

    private void serve(String... flags) throws Exception {
        String urls = "https://127.0.0.1:" + secure + ",http://127.0.0.1:" + plain;
        EtcdDaemon member =
                EtcdDaemon.start(
                        EtcdConfig.parse(
                                Stream.concat(
                                                Stream.of(
                                                        "--data-dir=" + folder.resolve("data"),
                                                        "--listen-client-urls=" + urls,
                                                        "--advertise-client-urls=" + urls,
                                                        "--listen-peer-urls=" + peer(),
                                                        "--initial-advertise-peer-urls=" + peer()),
                                                Arrays.stream(flags))
                                        .toList(),
                                Map.of()));
        members.add(member);
        member.ready().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private String peer() {
        return "http://127.0.0.1:" + FreePort.take();
    }

    private String flag(String name, String file) {
        return "--" + name + "=" + certificates.file(file);
    }

    private void serveMutually() throws Exception {
        serve(
                flag("cert-file", "server.pem"),
                flag("key-file", "server.key"),
                flag("trusted-ca-file", "ca.pem"),
                "--client-cert-auth");
    }

    private void serveWithCertificate() throws Exception {
        serve(flag("cert-file", "server.pem"), flag("key-file", "server.key"));
    }

    private List<String> command(String program, String... arguments) {
        Path path = Path.of("/usr/bin", program);
        Assumptions.assumeTrue(Files.isExecutable(path), program + " is not installed");
        return Stream.concat(Stream.of(path.toString()), Arrays.stream(arguments)).toList();
    }

    private List<String> etcdctlCommand(String who, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        command(
                                "etcdctl",
                                "--endpoints=https://127.0.0.1:" + secure,
                                "--command-timeout=10s",
                                "--dial-timeout=3s",
                                flag("cacert", "ca.pem")));
        if (!who.isEmpty()) {
            command.addAll(List.of(flag("cert", who + ".pem"), flag("key", who + ".key")));
        }
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private String etcdctl(String who, String... arguments) throws Exception {
        return Cluster.run(etcdctlCommand(who, arguments));
    }

    private Process etcdctlProcess(Path output, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(etcdctlCommand("client", arguments));
        builder.environment().put("ETCDCTL_API", "3");
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    private String curl(String... arguments) throws Exception {
        return Cluster.run(
                Stream.concat(
                                command("curl", "-sS", "--max-time", "20").stream(),
                                Arrays.stream(arguments))
                        .toList());
    }

    private String curlAs(String who, String path, String... more) throws Exception {
        return curl(
                Stream.concat(
                                Stream.of(
                                        "--cacert",
                                        certificates.file("ca.pem").toString(),
                                        "--cert",
                                        certificates.file(who + ".pem").toString(),
                                        "--key",
                                        certificates.file(who + ".key").toString(),
                                        "https://127.0.0.1:" + secure + path),
                                Arrays.stream(more))
                        .toArray(String[]::new));
    }

    @Test
    void etcdctl_and_curl_are_served_with_a_certificate_and_refused_without() throws Exception {
        serveMutually();

        assertThat(etcdctl("client", "put", "a", "1")).isEqualTo("OK\n");
        assertThat(etcdctl("client", "get", "a")).isEqualTo("a\n1\n");
        assertThat(etcdctl("client", "endpoint", "health")).contains("is healthy");
        assertThat(etcdctl("", "get", "a")).doesNotContain("a\n1\n").contains("Error");
        assertThat(curlAs("client", "/health")).isEqualTo("{\"health\":\"true\"}");
        assertThat(curlAs("client", "/metrics")).contains("flotilla_tls_refused_total");
        assertThat(curlAs("client", "/v3/kv/range", "-d", "{\"key\":\"YQ==\"}"))
                .contains("\"value\":\"MQ==\"");
        assertThat(curl("-k", "https://127.0.0.1:" + secure + "/health")).contains("curl: (");
    }

    @Test
    void each_protocol_is_found_whatever_was_negotiated() throws Exception {
        serveMutually();

        for (String version : List.of("--http1.1", "--no-alpn", "--http2")) {
            assertThat(curlAs("client", "/version", version)).contains("etcdserver");
        }
        assertThat(negotiated("http/1.1,h2")).contains("ALPN protocol: http/1.1");
        assertThat(negotiated("h2")).contains("ALPN protocol: h2");
    }

    @Test
    void what_certificates_guard_is_written_over_tls_alone() throws Exception {
        serve(
                flag("cert-file", "server.pem"),
                flag("key-file", "server.key"),
                flag("trusted-ca-file", "ca.pem"),
                "--experimental-guarded-prefix=/f/,/g/");
        List<String> plainly = command("etcdctl", "--endpoints=http://127.0.0.1:" + plain, "put");

        for (String key : List.of("/f/a", "/g/a")) {
            assertThat(etcdctl("client", "put", key, "1")).isEqualTo("OK\n");
            assertThat(Cluster.run(Stream.concat(plainly.stream(), Stream.of(key, "2")).toList()))
                    .contains("permission denied");
            assertThat(etcdctl("client", "get", key)).isEqualTo(key + "\n1\n");
        }
        assertThat(Cluster.run(Stream.concat(plainly.stream(), Stream.of("/a", "2")).toList()))
                .isEqualTo("OK\n");
        // Nobody has asked for it over JSON yet, so nobody is let in.
        assertThat(curlAs("client", "/v3/kv/put", "-d", "{\"key\":\"L2YvYQ==\"}"))
                .contains("permission denied");
    }

    private String negotiated(String offered) throws Exception {
        return Cluster.run(
                command(
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + secure,
                        "-alpn",
                        offered,
                        "-cert",
                        certificates.file("client.pem").toString(),
                        "-key",
                        certificates.file("client.key").toString()));
    }

    @Test
    void plain_and_secure_urls_are_served_side_by_side_and_told_apart() throws Exception {
        serveMutually();

        assertThat(curl("http://127.0.0.1:" + plain + "/health")).contains("true");
        assertThat(curl("http://127.0.0.1:" + secure + "/health"))
                .isEqualTo("Client sent an HTTP request to an HTTPS server.\n");
        assertThat(
                        Cluster.run(
                                command(
                                        "etcdctl",
                                        "--endpoints=http://127.0.0.1:" + secure,
                                        "--command-timeout=2s",
                                        "get",
                                        "a")))
                .contains("Error");
    }

    @Test
    void a_watch_and_a_lease_outlive_the_server_s_certificate() throws Exception {
        serveMutually();
        Path seen = folder.resolve("seen");
        Path renewed = folder.resolve("renewed");
        String lease = etcdctl("client", "lease", "grant", "60").split(" ")[1];
        Process watch = etcdctlProcess(seen, "watch", "w");
        Process keeper = etcdctlProcess(renewed, "lease", "keep-alive", lease);
        try {
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> {
                        etcdctl("client", "put", "w", "before");
                        return Files.readString(seen).contains("before");
                    });
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> Files.readString(renewed).contains("keepalived"));

            certificates.issue("next", HOST);
            for (String kind : List.of(".pem", ".key")) {
                Files.move(
                        certificates.file("next" + kind),
                        certificates.file("server" + kind),
                        StandardCopyOption.REPLACE_EXISTING);
            }

            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> negotiated("h2").replace(" ", "").contains("subject=CN=next"));
            assertThat(etcdctl("client", "put", "w", "after")).isEqualTo("OK\n");
            await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .until(() -> Files.readString(seen).endsWith("PUT\nw\nafter\n"));
            assertThat(watch.isAlive()).isTrue();
            assertThat(keeper.isAlive()).isTrue();
        } finally {
            watch.destroyForcibly().waitFor();
            keeper.destroyForcibly().waitFor();
        }
    }

    @Test
    void two_hundred_half_handshakes_keep_nobody_out() throws Exception {
        serveMutually();
        for (int i = 0; i < 200; i++) {
            Socket one = new Socket(InetAddress.getLoopbackAddress(), secure);
            crowd.add(one);
            OutputStream out = one.getOutputStream();
            out.write(HALF_A_HANDSHAKE);
        }

        assertThat(etcdctl("client", "put", "a", "1")).isEqualTo("OK\n");
        assertThat(curlAs("client", "/health")).contains("true");
    }

    @Test
    void a_large_refusal_is_read_to_its_end() throws Exception {
        serveWithCertificate();
        Path large = Files.write(folder.resolve("large"), new byte[8 * 1024 * 1024]);

        assertThat(
                        curl(
                                "--cacert",
                                certificates.file("ca.pem").toString(),
                                "-H",
                                "Expect:",
                                "--data-binary",
                                "@" + large,
                                "-o",
                                "/dev/null",
                                "-w",
                                "%{http_code}",
                                "https://127.0.0.1:" + secure + "/v3/kv/put"))
                .isEqualTo("413");
    }

    @Test
    void who_is_refused_is_told_where_the_answer_ends() throws Exception {
        serveWithCertificate();
        String asked =
                "printf 'PUT /v3/kv/put HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 99999999\\r\\n\\r\\n'";
        String told =
                Cluster.run(
                        command(
                                "sh",
                                "-c",
                                asked + " | openssl s_client -quiet -connect 127.0.0.1:" + secure));

        assertThat(told).contains("HTTP/1.1 413").doesNotContain("unexpected eof");
    }

    @Test
    void a_member_makes_its_own_certificate_once() throws Exception {
        serve("--auto-tls");
        Path own = folder.resolve("data/fixtures/client");
        String made = Files.readString(own.resolve("cert.pem"));
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(own.resolve("key.pem"))))
                .isEqualTo("rw-------");
        String cacert = own.resolve("cert.pem").toString();
        assertThat(curl("--cacert", cacert, "https://127.0.0.1:" + secure + "/health"))
                .contains("true");
        assertThat(
                        Cluster.run(
                                command(
                                        "etcdctl",
                                        "--endpoints=https://127.0.0.1:" + secure,
                                        "--cacert=" + cacert,
                                        "put",
                                        "a",
                                        "1")))
                .isEqualTo("OK\n");
        members.removeFirst().close();

        serve("--auto-tls");

        assertThat(Files.readString(own.resolve("cert.pem"))).isEqualTo(made);
    }

    @Test
    void a_client_is_let_in_by_the_host_its_certificate_is_for() throws Exception {
        certificates.issue("named", "DNS:a.example");
        serve(
                flag("cert-file", "server.pem"),
                flag("key-file", "server.key"),
                flag("trusted-ca-file", "ca.pem"),
                "--client-cert-allowed-hostname=a.example");

        assertThat(etcdctl("named", "put", "a", "1")).isEqualTo("OK\n");
        assertThat(curlAs("client", "/health")).contains("curl: (");
    }

    @Test
    void a_member_whose_certificate_can_t_be_used_says_which_file_and_starts_nothing()
            throws Exception {
        Files.delete(certificates.file("server.key"));
        assertThatThrownBy(this::serveWithCertificate)
                .hasMessageContaining(certificates.file("server.key") + " does not exist: make it");
    }
}
