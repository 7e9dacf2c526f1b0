package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.log.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir private Path temp;

    @Test
    void what_a_member_is_survives_a_restart() throws IOException {
        Membership membership =
                new Membership(
                        -7,
                        11,
                        List.of(
                                new Membership.Peer(11, "a name", List.of("http://a:1")),
                                new Membership.Peer(-3, "b", List.of("http://b:1", "http://b:2"))));
        try (DataDir directory = DataDir.open(temp.resolve("d"))) {
            assertThat(directory.membership()).isEmpty();
            directory.keep(membership);
        }
        try (DataDir directory = DataDir.open(temp.resolve("d"))) {
            assertThat(directory.membership()).contains(membership);
        }
    }

    @Test
    void a_directory_in_use_is_refused_and_free_again_after_close() throws IOException {
        Path path = temp.resolve("d");
        try (DataDir held = DataDir.open(path)) {
            assertThat(held.membership()).isEmpty();
            assertThatThrownBy(() -> DataDir.open(path)).hasMessageContaining("in use");
        }
        try (DataDir again = DataDir.open(path)) {
            assertThat(again.membership()).isEmpty();
        }
    }

    @Test
    void only_the_owner_may_look_into_it() throws IOException {
        Path path = temp.resolve("d");
        try (DataDir directory = DataDir.open(path)) {
            assertThat(directory.membership()).isEmpty();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
    }
}
