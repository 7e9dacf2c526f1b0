package flotilla.trust.home;

import flotilla.platform.disk.AtomicFile;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.Certified;
import flotilla.trust.join.CredentialFiles;
import flotilla.trust.registry.Remembered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory in which a machine keeps who it is, and on a machine that signs, the authority.
 *
 * @param directory 0700, root's
 */
public record TrustHome(Path directory) {
    /** On a real host. */
    public static final Path STANDARD = Path.of("/var/lib/flotilla/trust");

    /**
     * On a machine that is seen from another.
     *
     * @param root its root directory
     */
    public static TrustHome below(Path root) {
        return new TrustHome(root.resolve(Path.of("/").relativize(STANDARD)));
    }

    public CredentialFiles credentials() {
        return new CredentialFiles(directory);
    }

    /** Where the authority is, on a machine that signs. */
    public Path authority() {
        return directory.resolve("authority");
    }

    /** What a machine that signs remembers, beside the authority. */
    public Remembered remembered() {
        return new Remembered(authority().resolve("members.json"));
    }

    /** Whether it has ever been given a certificate. */
    public boolean hasCredentials() {
        return Files.exists(credentials().machine());
    }

    /**
     * What this machine's newest certificate says of it.
     *
     * @throws IOException when there is none, or it can't be read
     */
    public Certified self() throws IOException {
        return Certified.read(Files.readString(credentials().machine()));
    }

    /**
     * The authority, on a machine that signs; empty elsewhere.
     *
     * @throws IOException when it should be here and can't be used: from then on nobody gets a
     *     certificate here
     */
    public Optional<Authority> signer() throws IOException {
        return Files.isDirectory(authority())
                ? Optional.of(Authority.open(authority()))
                : Optional.empty();
    }

    /** Notes that this machine has become one of its cluster's, with all that belongs to it. */
    public void settle() throws IOException {
        AtomicFile.at(settledNote()).replace(self().cluster() + "\n");
    }

    /** Whether it has: then there is nothing to be done for that any more. */
    public boolean hasSettled() {
        return Files.exists(settledNote());
    }

    private Path settledNote() {
        return directory.resolve("settled");
    }
}
