package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.cloudconfig.plan.Action.AuthorizeKeys;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An account exchanges directories of its own for links to what is root's, all the time, while root
 * writes there. Whether a writing succeeds is chance; where it lands is not.
 */
class SwappedDirectoryTest {
    private static final int ROUNDS = 700;

    @TempDir Path root;
    private Path theirs;
    private Path victim;
    private Path moved;

    @BeforeEach
    void anAccount() throws IOException {
        Strangers.needRoot();
        theirs = Strangers.give(Files.createDirectories(root.resolve("srv/they")));
        victim = root.resolve("victim");
        Files.createDirectories(victim.resolve("authorized_keys.d"));
        moved = Files.createDirectory(theirs.resolve("moved"));
        Files.createFile(moved.resolve("kept"));
    }

    @Test
    void no_file_lands_behind_a_link_that_was_put_there_meanwhile() throws Exception {
        MachineTree tree = MachineTree.at(root);

        against("a", () -> write(tree, "/srv/they/a/file"));
    }

    @Test
    void no_directory_is_made_behind_a_link_that_was_put_there_meanwhile() throws Exception {
        MachineTree tree = MachineTree.at(root);

        against("a", () -> write(tree, "/srv/they/a/b/file"));
    }

    private static void write(MachineTree tree, String path) throws IOException {
        tree.at(
                path,
                (directory, name) -> {
                    directory.replace(name, new byte[1], 0644, Optional.empty());
                    return name;
                });
    }

    @Test
    void no_key_lands_behind_a_link_that_was_put_there_meanwhile() throws Exception {
        Home home =
                new Home("/srv/they", OptionalInt.of(Strangers.UID), OptionalInt.of(Strangers.UID));
        SshDirectory ssh = new SshDirectory(MachineTree.at(root), home);

        against(".ssh", () -> ssh.authorize(new AuthorizeKeys("they", "n", List.of("k"))));
    }

    @FunctionalInterface
    private interface Writing {
        void attempt() throws IOException;
    }

    private void against(String name, Writing writing) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> swap(theirs.resolve(name), over));
        for (int round = 0; round < ROUNDS; round++) {
            try {
                writing.attempt();
            } catch (IOException e) {
                Thread.onSpinWait(); // It came at a bad moment.
            }
        }
        over.set(true);
        swapper.join();

        assertThat(victim).isDirectoryNotContaining("glob:**/{b,file,authorized_keys,.new-*}");
        assertThat(victim.resolve("authorized_keys.d")).isEmptyDirectory();
        for (Path path : List.of(victim, victim.resolve("authorized_keys.d"), moved)) {
            assertThat(Owned.of(path).uid()).isZero();
        }
        assertThat(moved).isDirectoryNotContaining("glob:**/{b,file,authorized_keys*,.new-*}");
    }

    /** As fast as it goes: a directory, a link to one of root's, one of root's itself. */
    private void swap(Path place, AtomicBoolean over) {
        Path link = theirs.resolve("link");
        Path away = theirs.resolve("away");
        while (!over.get()) {
            try {
                Disk.deleteTree(link);
                Disk.deleteTree(away);
                Strangers.give(Files.createSymbolicLink(link, victim));
                if (!Files.isDirectory(place)) {
                    Strangers.give(Files.createDirectory(place));
                }
                Files.move(place, away);
                Files.move(link, place);
                Files.delete(place);
                Files.move(moved, place, StandardCopyOption.ATOMIC_MOVE);
                Files.move(place, moved);
            } catch (IOException e) {
                Thread.onSpinWait(); // The other one was there first.
            }
        }
    }
}
