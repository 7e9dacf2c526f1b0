package flotilla.cloudconfig.apply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Whose something is, and who else may write to it.
 *
 * @param mode the bits of chmod(2)
 */
record Owned(int uid, int gid, int mode) {
    /** Write for group or others. */
    private static final int WRITABLE = 022;

    /** Of what a path leads to. */
    static Owned of(Path path) throws IOException {
        return of(Files.readAttributes(path, "unix:uid,gid,mode"));
    }

    /** Of a symbolic link itself. */
    static Owned ofLink(Path path) throws IOException {
        return of(Files.readAttributes(path, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS));
    }

    /** The effective user and group (proc(5)). */
    static Owned ofThisProcess() throws IOException {
        return of(Path.of("/proc/self"));
    }

    private static Owned of(Map<String, Object> attributes) {
        return new Owned(
                number(attributes, "uid"),
                number(attributes, "gid"),
                number(attributes, "mode") & 07777);
    }

    private static int number(Map<String, Object> attributes, String name) {
        return (Integer) Objects.requireNonNull(attributes.get(name), name);
    }

    /** Whether somebody else than its owner may write to it. */
    boolean isShared() {
        return (mode & WRITABLE) != 0;
    }

    /** As chown(1) takes it. */
    String numbers() {
        return uid + ":" + gid;
    }
}
