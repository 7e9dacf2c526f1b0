package flotilla.cloudconfig.apply;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/**
 * Whose a file is to be, as chown(1) takes it: {@code USER}, {@code USER:GROUP}, {@code :GROUP},
 * {@code USER:} for the user's own group, the old {@code USER.GROUP}, and numbers for names.
 */
final class Owner {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private Owner() {}

    /**
     * @param file what it leads to is given away, so that it has to be a {@link Descriptor}'s where
     *     somebody else could put a link
     * @throws IOException whom the host does not know, or that the file may not be given away
     */
    static void give(Path file, String owner) throws IOException {
        UserPrincipalLookupService known = file.getFileSystem().getUserPrincipalLookupService();
        int separator = separator(owner, known);
        String user = separator < 0 ? owner : owner.substring(0, separator);
        String group = separator < 0 ? "" : owner.substring(separator + 1);
        if (separator > 0 && group.isEmpty()) {
            group = loginGroup(user);
        }
        PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
        try {
            if (!user.isEmpty()) {
                view.setOwner(user(user, known));
            }
            if (!group.isEmpty()) {
                view.setGroup(group(group, known));
            }
        } catch (FileSystemException e) {
            throw new IOException(
                    "the file can't be given to %s: %s; only root gives files away"
                            .formatted(owner, e.getReason()),
                    e);
        }
    }

    /** A user's name may hold a dot itself: then the dot separates nothing. */
    private static int separator(String owner, UserPrincipalLookupService known)
            throws IOException {
        int colon = owner.indexOf(':');
        if (colon >= 0 || owner.indexOf('.') < 0) {
            return colon;
        }
        try {
            known.lookupPrincipalByName(owner);
            return -1;
        } catch (UserPrincipalNotFoundException e) {
            return owner.indexOf('.');
        }
    }

    private static UserPrincipal user(String name, UserPrincipalLookupService known)
            throws IOException {
        try {
            return known.lookupPrincipalByName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    "there is no user \"%s\" on this host: make one, or give a number"
                            .formatted(name),
                    e);
        }
    }

    private static GroupPrincipal group(String name, UserPrincipalLookupService known)
            throws IOException {
        try {
            return known.lookupPrincipalByGroupName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    "there is no group \"%s\" on this host: make one, or give a number"
                            .formatted(name),
                    e);
        }
    }

    /** passwd(5): the fourth field is the group's number. */
    private static String loginGroup(String user) throws IOException {
        for (String line : Files.readAllLines(PASSWD, StandardCharsets.ISO_8859_1)) {
            List<String> fields = List.of(line.split(":", -1));
            if (fields.size() > 3 && (fields.get(0).equals(user) || fields.get(2).equals(user))) {
                return fields.get(3);
            }
        }
        throw new IOException(
                "%s has no user \"%s\", whose group \"%s:\" asks for: write USER:GROUP"
                        .formatted(PASSWD, user, user));
    }
}
