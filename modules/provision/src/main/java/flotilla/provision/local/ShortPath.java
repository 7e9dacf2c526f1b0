package flotilla.provision.local;

import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;

/**
 * Paths short enough for a unix socket below them: its name has 107 bytes at most (unix(7)). A home
 * that is too deep gets a directory of symbolic links in /tmp, private to its owner.
 */
final class ShortPath {
    /** Leaves room for {@code /run/fleet.sock} and what units of a machine may want. */
    private static final int BYTES_MAX = 80;

    private final LocalHome home;

    ShortPath(LocalHome home) {
        this.home = home;
    }

    /** The path itself when it is short, else a link to it: {@code /tmp/flotilla-HASH/core-01}. */
    Path of(Path root) throws IOException {
        if (root.toString().getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX) {
            return root;
        }
        Path machine = root.getParent();
        if (machine == null) {
            throw new IOException(root + " is no machine's root");
        }
        Path links = links();
        if (!Files.isDirectory(links, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    links,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        if (!Files.getOwner(links).equals(Files.getOwner(home.directory()))) {
            throw new IOException(links + " belongs to " + Files.getOwner(links).getName());
        }
        Path link = links.resolve(machine.getFileName());
        AtomicFile.at(link).unsynced().replaceByLink(root);
        return link;
    }

    void remove() throws IOException {
        Disk.deleteTree(links());
    }

    private Path links() {
        CRC32 hash = new CRC32();
        hash.update(home.directory().toString().getBytes(StandardCharsets.UTF_8));
        return Path.of("/tmp", "flotilla-%08x".formatted(hash.getValue()));
    }
}
