package flotilla.trust.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.platform.Clock;
import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Request;
import flotilla.platform.tls.ServerTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsRules;
import flotilla.proof.OriginalEtcd;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.CertificateRequest;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.authority.Profile;
import flotilla.trust.authority.Profile.Kind;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Remembered;
import flotilla.trust.token.Grant;
import flotilla.trust.token.Grant.Terms;
import flotilla.trust.token.JoinToken;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines join by tokens, over real TLS, with a real etcd for the cluster's memory. */
class JoinTest {
    private static final String CLUSTER = "c1";

    @TempDir private static Path folder;

    private static OriginalEtcd etcd;
    private static EtcdClient store;
    private static Registry registry;
    private static Authority authority;
    private static HttpServer server;
    private static URI signer;

    @BeforeAll
    static void a_machine_that_signs() throws IOException {
        etcd = OriginalEtcd.start(Files.createDirectory(folder.resolve("etcd")));
        store = EtcdClient.connect(ClientConfig.of(etcd.endpoint()));
        registry = new Registry(store);
        authority = Authority.create(CLUSTER, Instant.now());
        server = serving(authority, "signer");
        signer = URI.create("https://127.0.0.1:" + server.port());
    }

    @AfterAll
    static void end() throws InterruptedException {
        if (server != null) {
            server.close();
        }
        if (store != null) {
            store.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    private static HttpServer serving(Authority by, String name) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        OwnKey key = OwnKey.generate();
        Instant now = Instant.now();
        Profile profile =
                new Profile(
                        Kind.MACHINE,
                        CLUSTER,
                        "0".repeat(32),
                        List.of("127.0.0.1"),
                        now.minus(Authority.HEAD_START),
                        now.plus(Duration.ofDays(1)));
        Files.writeString(directory.resolve("key.pem"), key.pem());
        Files.writeString(
                directory.resolve("cert.pem"),
                by.sign(CertificateRequest.parse(key.request()), profile) + by.certificatePem());
        ServerTls tls =
                ServerTls.open(
                        TlsOptions.of(
                                TlsFiles.NONE.withIdentity(
                                        directory.resolve("cert.pem"),
                                        directory.resolve("key.pem")),
                                TlsRules.PLAIN),
                        List.of());
        JoinDesk desk = desk(by);
        return HttpServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                desk.handler(),
                HttpLimits.DEFAULT,
                tls);
    }

    private static JoinDesk desk(Authority by) {
        Issuer issuer = new Issuer(CLUSTER, by, Clock.system());
        return new JoinDesk(
                () -> Optional.of(issuer),
                registry,
                new Remembered(Path.of("none")),
                Clock.system());
    }

    private static JoinToken token(Terms terms) {
        byte[] random = new byte[JoinToken.RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        JoinToken token = JoinToken.of(authority.publicKey(), random);
        registry.add(Grant.of(token, terms, "me", Instant.now().toEpochMilli()), terms.life());
        return token;
    }

    private static Terms uses(int uses) {
        return new Terms(Duration.ofMinutes(5), uses, Role.MEMBER, Optional.empty());
    }

    private static Self self(int number) {
        return new Self(
                "%032x".formatted(number),
                "core-" + number,
                List.of("10.1.%d.%d".formatted(number / 250, number % 250 + 1)));
    }

    private static CredentialFiles files(String name) {
        return new CredentialFiles(folder.resolve(name));
    }

    @Test
    void a_machine_joins_and_has_what_it_needs() throws Exception {
        CredentialFiles files = files("first");

        Credentials given = new Joiner(files).join(signer, token(uses(1)), self(1));

        assertThat(given.cluster()).isEqualTo(CLUSTER);
        assertThat(Files.readString(files.authority())).isEqualTo(authority.certificatePem());
        assertThat(authority.recognise(Files.readString(files.machine())).identity())
                .hasToString("flotilla://c1/machine/" + self(1).id());
        assertThat(authority.recognise(Files.readString(files.peer())).identity())
                .hasToString("flotilla://c1/peer/" + self(1).id());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.key())))
                .isEqualTo("rw-------");
        assertThat(registry.read().member("core-1").map(Member::role)).hasValue(Role.MEMBER);
    }

    @Test
    void one_that_may_be_no_member_gets_no_certificate_of_one() throws Exception {
        CredentialFiles files = files("worker");
        Terms terms = new Terms(Duration.ofMinutes(5), 1, Role.MACHINE, Optional.empty());

        new Joiner(files).join(signer, token(terms), self(2));

        assertThat(files.machine()).exists();
        assertThat(files.peer()).doesNotExist();
    }

    /** The token's secret would be theirs. */
    @Test
    void to_who_is_not_the_tokens_authority_nothing_is_told() throws Exception {
        Authority foreign = Authority.create(CLUSTER, Instant.now());
        JoinToken token = token(uses(1));
        try (HttpServer impostor = serving(foreign, "impostor")) {
            assertThatThrownBy(() ->
                            new Joiner(files("pinned"))
                                    .join(
                                            URI.create("https://127.0.0.1:" + impostor.port()),
                                            token,
                                            self(3)))
                    .isInstanceOf(IOException.class)
                    .hasStackTraceContaining(
                            "it is not of this cluster, or somebody stands in between");
        }
        assertThat(registry.read().grant(token.id()).map(Grant::usesLeft)).hasValue(1);
        assertThat(registry.read().member("core-3")).isEmpty();
    }

    /** It may show the right authority beside a certificate by another. */
    @Test
    void a_signer_is_called_by_a_name_that_its_certificate_has() {
        assertThatThrownBy(() ->
                        new Joiner(files("named"))
                                .join(
                                        URI.create("https://localhost:" + server.port()),
                                        token(uses(1)),
                                        self(4)))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("localhost");
    }

    @Test
    void a_token_that_is_used_up_says_so_and_asking_again_costs_nothing() throws Exception {
        JoinToken token = token(uses(1));
        CredentialFiles files = files("again");
        new Joiner(files).join(signer, token, self(5));

        new Joiner(files).join(signer, token, self(5));

        assertThatThrownBy(() -> new Joiner(files("late")).join(signer, token, self(6)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("is used up: make a new one (flotilla token create)");
    }

    @Test
    void of_many_that_come_at_once_no_more_get_in_than_the_token_is_for() throws Exception {
        JoinToken token = token(uses(3));
        try (ExecutorService machines = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers =
                    IntStream.range(0, 8)
                            .mapToObj(i -> machines.submit(() -> isIn(token, 100 + i)))
                            .toList();
            int in = 0;
            for (Future<Boolean> answer : answers) {
                in += answer.get() ? 1 : 0;
            }
            assertThat(in).isEqualTo(3);
        }
        assertThat(registry.read().grant(token.id()).map(Grant::usesLeft)).hasValue(0);
    }

    private static boolean isIn(JoinToken token, int number)
            throws IOException, InterruptedException {
        try {
            new Joiner(files("many-" + number)).join(signer, token, self(number));
            return true;
        } catch (JoinException e) {
            assertThat(e).hasMessageContaining("is used up");
            return false;
        }
    }

    @Test
    void a_token_that_was_taken_back_admits_nobody() {
        JoinToken token = token(uses(5));

        assertThat(registry.revoke(token.id())).isTrue();

        assertThatThrownBy(() -> new Joiner(files("revoked")).join(signer, token, self(7)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("this join token is not known here");
        assertThat(registry.revoke(token.id())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0", "224.0.0.1", "fe80::1", "core-01"})
    void an_address_that_is_not_one_machines_is_refused(String address) {
        Self self = new Self("f".repeat(32), "core-30", List.of("10.9.9.9", address));

        assertThatThrownBy(() -> new Joiner(files("address")).join(signer, token(uses(1)), self))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining(address);
        assertThat(registry.read().member("core-30")).isEmpty();
    }

    @Test
    void a_machine_that_was_off_for_long_comes_back_with_its_key() throws Exception {
        CredentialFiles files = files("off");
        new Joiner(files).join(signer, token(uses(1)), self(20));
        endedDaysAgo(files, self(20).id(), 29);

        new Joiner(files).renew(signer, self(20));

        assertThat(authority.recognise(Files.readString(files.machine())).endMillis())
                .isGreaterThan(Instant.now().plus(Duration.ofDays(6)).toEpochMilli());
        endedDaysAgo(files, self(20).id(), 31);
        assertThatThrownBy(() -> new Joiner(files).renew(signer, self(20)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("ended more than 30 days ago: join it anew");
    }

    private static void endedDaysAgo(CredentialFiles files, String id, int days)
            throws IOException {
        Instant end = Instant.now().minus(Duration.ofDays(days));
        Profile profile =
                new Profile(
                        Kind.MACHINE, CLUSTER, id, List.of(), end.minus(Duration.ofDays(7)), end);
        Files.writeString(
                files.machine(),
                authority.sign(CertificateRequest.parse(files.ownKey().request()), profile));
    }

    @Test
    void a_certificate_without_its_key_is_of_no_use() throws Exception {
        CredentialFiles files = files("robbed");
        new Joiner(files).join(signer, token(uses(1)), self(21));
        CredentialFiles thief = files("thief");
        Files.createDirectory(thief.directory());
        Files.copy(files.machine(), thief.machine());
        Files.copy(files.authority(), thief.authority());

        assertThatThrownBy(() -> new Joiner(thief).renew(signer, self(21)))
                .isInstanceOf(JoinException.class)
                .hasMessage("that certificate is not this machine's");
    }

    @Test
    void one_that_was_put_out_gets_no_further_certificate() throws Exception {
        CredentialFiles files = files("out");
        new Joiner(files).join(signer, token(uses(1)), self(22));
        Registry.Roll roll = registry.read();

        assertThat(registry.putOut(roll, roll.member("core-22").orElseThrow())).isTrue();

        assertThatThrownBy(() -> new Joiner(files).renew(signer, self(22)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("was put out of the cluster");
    }

    @Test
    void a_memory_that_can_not_be_read_lets_nobody_in() {
        JoinToken token = token(uses(1));
        String key = "/flotilla/trust/machines/damaged";
        store.put(key, "{\"machineId\":");
        try {
            assertThatThrownBy(() -> new Joiner(files("damaged")).join(signer, token, self(8)))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(JoinException.class)
                    .hasMessageContaining("/machines/damaged can't be read");
        } finally {
            store.delete(key);
        }
        assertThat(registry.read().member("core-8")).isEmpty();
    }

    private static Request asking(int bytes) {
        return new Request("POST", "/v1/join", Map.of(), Map.of(), new byte[bytes]);
    }

    @Test
    void who_asks_without_end_is_not_heard_nor_who_says_too_much() throws Exception {
        Handler desk = desk(authority).handler();
        assertThat(desk.handle(asking(20_000)).status()).isEqualTo(413);

        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(desk.handle(asking(10)).status());
        }

        assertThat(answers).startsWith(400).contains(429);
    }

    @Test
    void the_store_knows_no_secret() {
        JoinToken token = token(uses(1));

        assertThat(store.getPrefix("").kvs())
                .noneMatch(pair ->
                        pair.getValue().toStringUtf8().contains(token.secret())
                                || pair.getKey().toStringUtf8().contains(token.secret()));
    }
}
