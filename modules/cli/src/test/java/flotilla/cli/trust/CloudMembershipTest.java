package flotilla.cli.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cloudconfig.document.Belonging;
import flotilla.trust.join.Joiner.Self;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cloud-config asks for at a boot. */
class CloudMembershipTest {
    private static final Self SELF = new Self("a".repeat(32), "core-02", List.of("10.1.0.2"));

    @TempDir private Path folder;

    private CloudMembership membership(World world) {
        return new CloudMembership(
                world.station(folder),
                new CloudMembership.Ways(_ -> SELF, _ -> world, Duration.ofMillis(1)));
    }

    private static Belonging by(Optional<String> token, Optional<String> file) {
        return new Belonging.Another("https://10.1.0.1:49153", token, file, Optional.empty());
    }

    @Test
    void a_machine_that_signs_and_is_not_up_yet_is_asked_again() throws Exception {
        World world = new World(folder);
        world.deafFor = 3;

        membership(world).take(by(Optional.of(World.TOKEN.text()), Optional.empty()));

        assertThat(world.running).containsExactly("etcd.service", "fleet.service");
        assertThat(world.deafFor).isZero();
    }

    @Test
    void at_later_boots_nobody_is_asked() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), World.TOKEN.text());
        World world = new World(folder);
        membership(world).take(by(Optional.empty(), Optional.of(file.toString())));
        Files.delete(file);
        world.running.clear();
        world.deafFor = Integer.MAX_VALUE;

        membership(world).take(by(Optional.empty(), Optional.of(file.toString())));

        assertThat(world.running).as("systemd starts them, not this").isEmpty();
    }

    @Test
    void who_is_refused_does_not_ask_without_end() {
        World world = new World(folder);
        world.usesLeft = 0;
        Optional<String> token = Optional.of(World.TOKEN.text());

        assertThatThrownBy(() -> membership(world).take(by(token, Optional.empty())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("used up");
    }
}
