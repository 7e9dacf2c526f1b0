package flotilla.cloudconfig.apply;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Another account, as its number: it need not be in any file. */
final class Strangers {
    static final int UID = 65534;

    private Strangers() {}

    /** Skips the test where files can't be given away. */
    static void needRoot() throws IOException {
        assumeTrue(
                Owned.ofThisProcess().uid() == 0,
                "SKIPPED: only root can give a file to another account");
    }

    /** A link itself, not what it leads to. */
    static Path give(Path path) throws IOException {
        return give(path, UID);
    }

    static Path give(Path path, int uid) throws IOException {
        Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        return path;
    }
}
