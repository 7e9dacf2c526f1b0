package flotilla.cloudconfig.apply;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Whom a machine's directories are trusted to: root, and whoever owns the machine's / (on a local
 * machine, its starter). What anybody else owns leads to nothing that is not their own, and a
 * symbolic link counts only where nobody else could have put it: the rule of systemd's CHASE_SAFE,
 * so that no account of the machine has its init write, or give away, what is another's.
 *
 * @param uid of whoever owns the machine's /
 */
record Keepers(int uid) {
    static final int ROOT = 0;

    static Keepers of(Path root) throws IOException {
        return new Keepers(Owned.of(root).uid());
    }

    boolean has(int user) {
        return user == ROOT || user == uid;
    }

    /**
     * A step from a directory to what is in it.
     *
     * @throws IOException if it leads from one account's to another's
     */
    void check(Owned directory, Owned entry, Path place) throws IOException {
        if (!has(directory.uid()) && entry.uid() != directory.uid()) {
            throw new IOException(
                    "%s belongs to user %d, in a directory of user %d, who may have moved it there: it is left alone; give it to user %d (chown), or take it away"
                            .formatted(place, entry.uid(), directory.uid(), directory.uid()));
        }
    }

    /**
     * @throws IOException if somebody else could have made the link
     */
    void checkLink(Owned directory, Owned link, Path place) throws IOException {
        if (!has(directory.uid()) || !has(link.uid()) || directory.isShared()) {
            throw new IOException(notFollowed(place));
        }
    }

    static String notFollowed(Path link) {
        return link
                + " is a symbolic link, which is not followed where others than root can put one: put the file or directory itself there";
    }
}
