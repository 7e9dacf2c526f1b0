package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.platform.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Replaces a file whole, with its directories, its mode and its owner. */
final class DurableFile {
    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ,
    };

    private DurableFile() {}

    static void write(Path path, WrittenFile file) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException(path + " is no file");
        }
        Files.createDirectories(directory);
        AtomicFile.at(path)
                .withMode(permissions(file.permissions()))
                .prepared(fresh -> {
                    if (file.owner().isPresent()) {
                        Owner.give(fresh, file.owner().get());
                    }
                })
                .replace(file.content());
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < BITS.length; bit++) {
            if ((mode & 1 << bit) != 0) {
                permissions.add(BITS[bit]);
            }
        }
        return permissions;
    }
}
