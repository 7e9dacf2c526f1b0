package flotilla.trust.home;

import flotilla.platform.disk.AtomicFile;
import flotilla.trust.join.CredentialFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Arrays;
import java.util.List;

/**
 * A machine's certificates and key once more, for its member of the store: that runs as a user of
 * its own, to whom the originals are shut.
 *
 * @param directory root's, open to all; the key in it is the user's alone
 * @param user the store's
 */
public record StoreCopies(Path directory, String user) {
    private static final String USER = "flotilla-etcd";

    /** Those of a machine with this home. */
    public static StoreCopies beside(TrustHome home) {
        return new StoreCopies(home.directory().resolveSibling("etcd-trust"), USER);
    }

    /** As {@link #bring}, where they were brought before: elsewhere there is no member. */
    public void refresh(CredentialFiles originals) throws IOException {
        if (Files.isDirectory(directory)) {
            bring(originals);
        }
    }

    /**
     * Brings them to what the originals are. What is the same is left alone, so that nobody reads
     * it anew. A machine that may be no member has none.
     *
     * @throws IOException also when there is no such user
     */
    public void bring(CredentialFiles originals) throws IOException {
        if (!Files.exists(originals.peer())) {
            return;
        }
        UserPrincipal owner = owner();
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        bring(
                originals.key(),
                AtomicFile.secretAt(of(originals.key()))
                        .prepared(fresh -> Files.setOwner(fresh, owner)));
        // Who was put out first: nobody is believed meanwhile.
        for (Path open :
                List.of(
                        originals.denied(),
                        originals.authority(),
                        originals.peer(),
                        originals.machine())) {
            bring(open, AtomicFile.at(of(open)));
        }
    }

    private Path of(Path original) {
        return directory.resolve(original.getFileName());
    }

    private void bring(Path original, AtomicFile copy) throws IOException {
        byte[] wanted = Files.readAllBytes(original);
        Path there = of(original);
        if (!Files.exists(there) || !Arrays.equals(Files.readAllBytes(there), wanted)) {
            copy.replace(wanted);
        }
    }

    private UserPrincipal owner() throws IOException {
        try {
            return directory
                    .getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByName(user);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(
                    "there is no user %s here, which the store runs as: install the package flotilla-etcd"
                            .formatted(user),
                    e);
        }
    }
}
