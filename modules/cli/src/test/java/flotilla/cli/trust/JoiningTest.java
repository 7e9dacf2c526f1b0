package flotilla.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cli.command.CommandFailure;
import flotilla.trust.authority.Authority;
import flotilla.trust.join.Joiner.Self;
import flotilla.trust.token.JoinToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that joins, and is killed at every word that it says to others, before or after it. */
class JoiningTest {
    private static final Self SELF = new Self("a".repeat(32), "core-02", List.of("10.1.0.2"));
    private static final JoinToken TOKEN = World.TOKEN;

    @TempDir private Path folder;

    private static Joining joining(Path root, World world, Optional<JoinToken> token) {
        return new Joining(world.station(root), world, SELF, token);
    }

    @Test
    void wherever_it_is_killed_it_comes_to_the_same_when_it_is_run_again() throws Exception {
        int kills = 0;
        boolean killed = true;
        while (killed) {
            Path root = Files.createDirectory(folder.resolve("killed-" + kills));
            World world = new World(root);
            world.halvesUntilKill = kills;
            killed = isKilled(joining(root, world, Optional.of(TOKEN)));
            world.halvesUntilKill = Integer.MAX_VALUE;

            joining(root, world, Optional.of(TOKEN)).join();

            assertThat(world.enabled)
                    .as("killed after %d halves", kills)
                    .isEqualTo(world.running)
                    .containsExactly("etcd.service", "fleet.service");
            assertThat(world.usesLeft).isZero();
            assertThat(world.votes).isTrue();
            assertThat(Files.readString(world.home.directory().resolve("etcd.env")))
                    .contains("ETCD_INITIAL_CLUSTER_STATE=existing\n");
            assertThat(Files.readString(world.home.directory().resolve("fleet.env")))
                    .contains("FLEET_ETCD_SERVERS=https://10.1.0.2:2379,https://10.1.0.1:2379\n");
            kills++;
        }
        assertThat(kills).as("places where it was killed").isGreaterThan(15);
    }

    private static boolean isKilled(Joining joining) throws Exception {
        try {
            joining.join();
            return false;
        } catch (World.Killed e) {
            return true;
        }
    }

    @Test
    void after_each_step_the_rest_may_be_left_to_another_time() throws Exception {
        int count = joining(folder, new World(folder), Optional.of(TOKEN)).steps().size();
        for (int done = 0; done < count; done++) {
            Path root = Files.createDirectory(folder.resolve("done-" + done));
            World world = new World(root);
            for (Joining.Step step :
                    joining(root, world, Optional.of(TOKEN)).steps().subList(0, done)) {
                step.take();
            }

            // The token may have ended when it has brought the certificates.
            joining(root, world, done == 0 ? Optional.of(TOKEN) : Optional.empty()).join();

            assertThat(world.running).containsExactly("etcd.service", "fleet.service");
            assertThat(world.votes).isTrue();
        }
    }

    @Test
    void a_token_of_another_cluster_is_refused_by_a_host_that_has_its_certificates()
            throws Exception {
        World world = new World(folder);
        joining(folder, world, Optional.of(TOKEN)).join();
        Authority other = Authority.create("other", Instant.now());
        JoinToken foreign = JoinToken.of(other.publicKey(), new byte[JoinToken.RANDOM_BYTES]);

        assertThatThrownBy(() -> joining(folder, world, Optional.of(foreign)).join())
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("another cluster's");
    }
}
