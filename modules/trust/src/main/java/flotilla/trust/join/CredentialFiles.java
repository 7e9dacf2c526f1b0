package flotilla.trust.join;

import flotilla.platform.disk.AtomicFile;
import flotilla.platform.tls.TlsFiles;
import flotilla.trust.authority.Authority;
import flotilla.trust.authority.OwnKey;
import flotilla.trust.token.JoinToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where a machine keeps who it is: {@code key.pem} (0600), {@code machine.pem}, {@code peer.pem} if
 * it may be a member, each with the authority's certificate behind its own, {@code ca.pem}, and
 * {@code denied}: the identities that were put out, as far as this machine has heard. Whoever uses
 * them reads them again when they change.
 *
 * @param directory 0700; for those who run as others it is their service's manager that shows them
 */
public record CredentialFiles(Path directory) {
    public Path key() {
        return directory.resolve("key.pem");
    }

    public Path machine() {
        return directory.resolve("machine.pem");
    }

    public Path peer() {
        return directory.resolve("peer.pem");
    }

    public Path authority() {
        return directory.resolve("ca.pem");
    }

    public Path denied() {
        return directory.resolve("denied");
    }

    /** What this machine shows as a server and a client, and whom it believes. */
    public TlsFiles asMachine() {
        return TlsFiles.NONE
                .withIdentity(machine(), key())
                .withAuthority(authority())
                .withDenied(denied());
    }

    /** Whether the authority that it knows is the one that a token names. */
    public boolean isOf(JoinToken token) throws IOException {
        return token.names(authorityKey());
    }

    /** The public key of the authority that it knows. */
    byte[] authorityKey() throws IOException {
        return Authority.publicKey(Files.readString(authority()));
    }

    /** The key that it has, or a new one: on the disk before it is shown to anybody. */
    OwnKey ownKey() throws IOException {
        if (Files.exists(key())) {
            return OwnKey.parse(Files.readString(key()));
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        OwnKey fresh = OwnKey.generate();
        AtomicFile.secretAt(key()).replace(fresh.pem());
        return fresh;
    }

    /** The authority first: a certificate that nobody can check would be of no use. */
    void keep(Credentials credentials) throws IOException {
        AtomicFile.at(authority()).replace(credentials.authority());
        if (!Files.exists(denied())) {
            AtomicFile.at(denied()).replace("");
        }
        String peer = credentials.peer();
        if (peer != null) {
            AtomicFile.at(peer()).replace(peer + credentials.authority());
        }
        AtomicFile.at(machine()).replace(credentials.machine() + credentials.authority());
    }
}
