package flotilla.platform.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTest {
    @TempDir Path root;

    @Test
    void a_tree_goes_with_its_links_but_not_what_they_lead_to() throws IOException {
        Path kept = Files.createDirectories(root.resolve("elsewhere"));
        Files.writeString(kept.resolve("file"), "kept");
        Path tree = Files.createDirectories(root.resolve("tree/deep"));
        Files.writeString(tree.resolve("file"), "gone");
        Files.createSymbolicLink(tree.resolve("link"), kept);

        Disk.deleteTree(root.resolve("tree"));

        assertThat(root.resolve("tree")).doesNotExist();
        assertThat(kept.resolve("file")).hasContent("kept");
    }

    @Test
    void a_link_that_leads_nowhere_is_deleted_too() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("nowhere"));

        Disk.deleteTree(link);

        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void nothing_is_deleted_where_nothing_is() throws IOException {
        Disk.deleteTree(root.resolve("none"));

        assertThat(root).isEmptyDirectory();
    }
}
