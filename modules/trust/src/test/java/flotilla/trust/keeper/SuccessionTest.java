package flotilla.trust.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.client.members.StoreMembers;
import flotilla.platform.Clock;
import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import flotilla.platform.tls.ServerTls;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsRules;
import flotilla.proof.OriginalEtcd;
import flotilla.trust.api.TrustApi;
import flotilla.trust.api.TrustException;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.Signer;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.token.Member;
import flotilla.trust.token.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that come to sign, of one that does, over real TLS; a real etcd is their memory. */
class SuccessionTest {
    private static final String CLUSTER = "c1";

    @TempDir private Path folder;

    private Authority authority;
    private OriginalEtcd etcd;
    private EtcdClient store;
    private Registry registry;
    private HttpServer first;

    @BeforeEach
    void one_that_signs() throws Exception {
        authority = Authority.create(CLUSTER, Instant.now());
        etcd = OriginalEtcd.start(Files.createDirectory(folder.resolve("etcd")));
        store = EtcdClient.connect(ClientConfig.of(etcd.endpoint()));
        registry = new Registry(store);
        TrustHome home = machine("a", Role.MEMBER);
        authority.keep(home.authority());
        look(home);
        first = serving(home, new Signer(home));
    }

    @AfterEach
    void none() throws Exception {
        first.close();
        store.close();
        etcd.close();
    }

    private TrustHome home(String name) {
        return new TrustHome(folder.resolve(name));
    }

    private TrustHome machine(String name, Role role) throws IOException {
        TrustHome home = home(name);
        Member found =
                new Issuer(CLUSTER, authority, Clock.system())
                        .found(
                                home.credentials(),
                                new Self(name.repeat(32), "core-" + name, List.of("127.0.0.1")));
        assertThat(
                        registry.enrol(
                                new Member(
                                        found.machineId(),
                                        found.name(),
                                        found.addresses(),
                                        found.keyHash(),
                                        role,
                                        found.expiresAtMillis(),
                                        false)))
                .isTrue();
        return home;
    }

    private HttpServer serving(TrustHome home, Signer signer) throws IOException {
        TrustApi api =
                new TrustApi(
                        new TrustApi.Site(
                                CLUSTER,
                                home.credentials().authority(),
                                signer,
                                Optional.empty(),
                                new StoreMembers(List.of(), HttpCaller::to)),
                        registry,
                        Clock.system());
        return HttpServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                request -> answer(api, request),
                HttpLimits.DEFAULT,
                ServerTls.open(
                        TlsOptions.of(home.credentials().asMachine(), TlsRules.WANTED), List.of()));
    }

    private static Response answer(TrustApi api, Request request) {
        try {
            assertThat(request.path()).isEqualTo("/flotilla/v1/trust/authority");
            return api.authority(request);
        } catch (TrustException e) {
            return Response.json(e.status(), "{\"error\":\"" + e.getMessage() + "\"}");
        }
    }

    private void look(TrustHome home) throws IOException {
        List<URI> signers =
                first == null
                        ? List.of()
                        : List.of(URI.create("https://127.0.0.1:" + first.port()));
        new Succession(home).look(registry, registry.read(), signers);
    }

    private List<String> signing() {
        return registry.read().signing().stream().map(Member::name).sorted().toList();
    }

    @Test
    void three_members_sign_and_the_next_one_when_one_of_them_is_out() throws IOException {
        List<TrustHome> others =
                List.of(
                        machine("b", Role.MEMBER),
                        machine("c", Role.MEMBER),
                        machine("d", Role.MEMBER));
        for (TrustHome other : others) {
            look(other);
        }

        assertThat(signing()).containsExactly("core-a", "core-b", "core-c");
        assertThat(new Signer(others.get(1)).get().orElseThrow().publicKey())
                .isEqualTo(authority.publicKey());
        assertThat(others.get(2).authority()).doesNotExist();

        var roll = registry.read();
        assertThat(registry.putOut(roll, roll.member("core-b").orElseThrow())).isTrue();
        look(others.get(2));

        assertThat(signing()).containsExactly("core-a", "core-c", "core-d");
    }

    @Test
    void one_that_is_no_member_gets_no_key() throws IOException {
        TrustHome other = machine("b", Role.MACHINE);

        look(other);

        assertThat(other.authority()).doesNotExist();
        assertThat(signing()).containsExactly("core-a");
    }

    @Test
    void the_key_is_its_owners_alone_and_nowhere_in_the_store() throws IOException {
        TrustHome other = machine("b", Role.MEMBER);

        look(other);

        Path key = other.authority().resolve("ca-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        String secret = Files.readString(key).lines().toList().get(1);
        assertThat(store.getPrefix("").kvs())
                .noneMatch(pair -> pair.getValue().toStringUtf8().contains(secret));
    }

    /** Whoever stands in between may have another, and can't have the first one's certificate. */
    @Test
    void a_key_of_another_authority_is_not_kept() throws Exception {
        TrustHome other = machine("b", Role.MEMBER);
        TrustHome liar = home("a");
        Authority another = Authority.create(CLUSTER, Instant.now());
        first.close();
        another.keep(liar.authority());
        first = serving(liar, new Signer(liar));

        look(other);

        assertThat(other.authority()).doesNotExist();
    }
}
