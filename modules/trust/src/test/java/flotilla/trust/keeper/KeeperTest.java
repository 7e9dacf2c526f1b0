package flotilla.trust.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import flotilla.client.ClientConfig;
import flotilla.client.EtcdClient;
import flotilla.platform.Clock;
import flotilla.proof.OriginalEtcd;
import flotilla.trust.authority.Authority;
import flotilla.trust.home.StoreCopies;
import flotilla.trust.home.TrustHome;
import flotilla.trust.join.Issuer;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.registry.Registry;
import flotilla.trust.registry.Registry.Roll;
import flotilla.trust.token.Member;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a machine has of its cluster stays up to date; a real etcd is the cluster's memory. */
class KeeperTest {
    private static final Self SELF = new Self("a".repeat(32), "core-01", List.of("10.1.0.1"));
    private static final URI NOBODY = URI.create("https://127.0.0.1:9");

    @TempDir private Path folder;

    private TrustHome home;
    private Authority authority;

    @BeforeEach
    void a_machine() {
        home = new TrustHome(folder.resolve("trust"));
        authority = Authority.create("c1", Instant.now());
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

    private Member foundAgo(Duration ago) throws IOException {
        return new Issuer("c1", authority, at(Instant.now().minus(ago)))
                .found(home.credentials(), SELF);
    }

    private Renewer renewer() {
        return new Renewer(home, StoreCopies.beside(home), SELF, Clock.system());
    }

    @Test
    void a_machine_that_signs_renews_its_own_also_when_it_has_ended() throws Exception {
        authority.keep(home.authority());
        foundAgo(Duration.ofDays(20));

        assertThat(renewer().renewIfDue(List.of())).isTrue();

        assertThat(home.self().endMillis())
                .isGreaterThan(Instant.now().plus(Duration.ofDays(6)).toEpochMilli());
        assertThat(renewer().renewIfDue(List.of())).as("again at once").isFalse();
    }

    @Test
    void one_that_reaches_nobody_keeps_what_it_has_and_does_not_ask_at_once_again()
            throws Exception {
        foundAgo(Duration.ofDays(5));
        String before = Files.readString(home.credentials().machine());
        Renewer renewer = renewer();

        assertThat(renewer.renewIfDue(List.of(NOBODY))).isFalse();
        assertThat(renewer.renewIfDue(List.of(NOBODY))).isFalse();

        assertThat(Files.readString(home.credentials().machine())).isEqualTo(before);
    }

    @Test
    void an_authority_whose_key_is_lost_is_missed_at_once() throws Exception {
        authority.keep(home.authority());
        Files.delete(home.authority().resolve("ca-key.pem"));

        assertThatThrownBy(() -> home.signer())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca-key.pem");
    }

    /** The key is written first, and nobody has seen it. */
    @Test
    void an_authority_whose_making_broke_off_is_none_yet() throws Exception {
        authority.keep(home.authority());
        assertThat(Authority.isIn(home.authority())).isTrue();

        Files.delete(home.authority().resolve("ca.pem"));

        assertThat(Authority.isIn(home.authority())).isFalse();
    }

    @Test
    void who_is_put_out_stands_in_the_file_before_those_who_serve_are_told() throws Exception {
        Path data = Files.createDirectory(folder.resolve("etcd"));
        try (OriginalEtcd etcd = OriginalEtcd.start(data);
                EtcdClient store = EtcdClient.connect(ClientConfig.of(etcd.endpoint()))) {
            Registry registry = new Registry(store);
            Member self = foundAgo(Duration.ZERO);
            assertThat(registry.enrol(self)).isTrue();
            assertThat(registry.enrol(self)).as("again").isTrue();
            List<Set<String>> told = new CopyOnWriteArrayList<>();
            List<String> files = new CopyOnWriteArrayList<>();
            Keeper.Parts parts =
                    new Keeper.Parts(
                            home,
                            StoreCopies.beside(home),
                            registry,
                            renewer(),
                            new Succession(home),
                            List.of(),
                            address -> NOBODY,
                            denied -> {
                                told.add(denied);
                                files.add(read(home.credentials().denied()));
                            });
            try (Keeper _ = Keeper.start(parts)) {
                await().until(() -> told.contains(Set.of()));

                Roll roll = registry.read();
                assertThat(registry.putOut(roll, roll.members().getFirst())).isTrue();

                String machine = "flotilla://c1/machine/" + SELF.id();
                String peer = "flotilla://c1/peer/" + SELF.id();
                await().until(() -> told.contains(Set.of(machine, peer)));
                assertThat(files.get(told.indexOf(Set.of(machine, peer))))
                        .isEqualTo(machine + "\n" + peer + "\n");
            }
        }
    }

    @Test
    void that_a_machine_renewed_its_own_is_known_to_all() throws Exception {
        Path data = Files.createDirectory(folder.resolve("etcd"));
        try (OriginalEtcd etcd = OriginalEtcd.start(data);
                EtcdClient store = EtcdClient.connect(ClientConfig.of(etcd.endpoint()))) {
            Registry registry = new Registry(store);
            authority.keep(home.authority());
            assertThat(registry.enrol(foundAgo(Duration.ofDays(4)))).isTrue();
            Keeper.Parts parts =
                    new Keeper.Parts(
                            home,
                            StoreCopies.beside(home),
                            registry,
                            renewer(),
                            new Succession(home),
                            List.of(),
                            address -> NOBODY,
                            denied -> {});
            try (Keeper _ = Keeper.start(parts)) {
                long soon = Instant.now().plus(Duration.ofDays(6)).toEpochMilli();
                await().until(() -> registry.read().members().getFirst().expiresAtMillis() > soon);
            }
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
