package flotilla.trust.join;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.json.Json;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.Certified;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Remembered;
import flotilla.trust.token.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store without a majority, as that of machines that were all off for longer than a week. */
class RenewWithoutStoreTest {
    private static final Self SELF = new Self("a".repeat(32), "core-02", List.of("10.1.0.2"));

    @TempDir private Path folder;

    private final Authority authority = Authority.create("c1", Instant.now());
    private TrustHome home;
    private Member member;
    private Remembered remembered;
    private EtcdClient nobody;
    private JoinDesk desk;

    @BeforeEach
    void a_machine_whose_certificate_has_ended() throws IOException {
        home = new TrustHome(folder.resolve("trust"));
        Instant then = Instant.now().minus(Duration.ofDays(10));
        member = new Issuer("c1", authority, at(then)).found(home.credentials(), SELF);
        remembered = new Remembered(folder.resolve("members.json"));
        nobody =
                EtcdClient.connect(
                        ClientConfig.of("http://127.0.0.1:9")
                                .withRequestTimeout(Duration.ofMillis(300)));
        Issuer issuer = new Issuer("c1", authority, Clock.system());
        desk =
                new JoinDesk(
                        () -> Optional.of(issuer),
                        new Registry(nobody),
                        remembered,
                        Clock.system());
    }

    @AfterEach
    void none() {
        nobody.close();
    }

    private static Clock at(Instant now) {
        return new Clock() {
            @Override
            public long nanos() {
                return 0;
            }

            @Override
            public Instant now() {
                return now;
            }
        };
    }

    private Response renew() throws Exception {
        RenewBody body =
                new RenewBody(
                        Files.readString(home.credentials().machine()),
                        SELF.name(),
                        SELF.addresses(),
                        home.credentials().ownKey().request());
        return desk.handler()
                .handle(
                        new Request(
                                "POST",
                                "/v1/renew",
                                Map.of(),
                                Map.of(),
                                Json.write(body).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void one_that_is_remembered_gets_its_next_certificate() throws Exception {
        remembered.keep(List.of(member));

        Response answer = renew();

        assertThat(answer.status()).isEqualTo(200);
        Response.Whole whole = (Response.Whole) answer;
        String certificate =
                Json.read(new String(whole.body(), StandardCharsets.UTF_8), Credentials.class)
                        .machine();
        assertThat(Certified.read(certificate).endMillis())
                .isGreaterThan(Instant.now().plus(Duration.ofDays(6)).toEpochMilli());
    }

    @Test
    void one_that_is_not_or_was_put_out_waits_for_the_store() throws Exception {
        assertThat(renew().status()).isEqualTo(503);

        remembered.keep(List.of(member.putOut()));

        assertThat(renew().status()).isEqualTo(503);
    }
}
