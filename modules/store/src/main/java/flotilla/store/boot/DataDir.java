package flotilla.store.boot;

import flotilla.discovery.Attempt;
import flotilla.platform.disk.AtomicFile;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;

/**
 * A member's directory: mode 0700, held by one process through a lock, and the file that says who
 * this member is. That file is written once, at bootstrap; from then on discovery and
 * initial-cluster no longer matter.
 */
public final class DataDir implements AutoCloseable {
    private static final String MEMBERSHIP = "membership";
    private static final String JOINING = "joining";
    private static final String LOCK = "lock";
    private static final String LOG = "wal";

    /** Where versions before kept their log, which nobody reads any more. */
    private static final String OLD_LOG = "log";

    private final Path directory;
    private final FileChannel lockChannel;

    private DataDir(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    public static DataDir open(Path directory) throws IOException {
        Path member = directory.resolve("member");
        Files.createDirectories(
                member,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        FileChannel channel =
                FileChannel.open(
                        member.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new IOException(
                    "data directory "
                            + directory
                            + " is in use by another etcd; stop it or choose another --data-dir");
        }
        return new DataDir(member, channel);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where in a data directory what is kept. */
    public record Places(Path state, Path log, Path checkpoints) {}

    public static Places places(Path directory) {
        Path member = directory.resolve("member");
        return new Places(member.resolve("state"), member.resolve(LOG), member.resolve("snap"));
    }

    /** Who this member was settled to be, or empty for a fresh directory. */
    public Optional<Membership> membership() throws IOException {
        refuseOldLog();
        Path file = directory.resolve(MEMBERSHIP);
        if (!Files.exists(file)) {
            refuseData(file);
            return Optional.empty();
        }
        try {
            return Optional.of(MembershipFile.read(Files.readString(file)));
        } catch (MembershipFile.Damaged | CharacterCodingException e) {
            throw new IOException(
                    file + " is damaged (" + e.getMessage() + "): " + MembershipFile.WAY_BACK, e);
        }
    }

    private void refuseOldLog() throws IOException {
        Path old = directory.resolve(OLD_LOG);
        if (Files.exists(old) && !Files.exists(directory.resolve(LOG))) {
            throw new IOException(
                    old
                            + " is the log of an earlier version, which this one can't read: save what"
                            + " is in the store with that version, and start with an empty data"
                            + " directory");
        }
    }

    /** Who settled anew might become another member, whose log the state beside it isn't of. */
    private void refuseData(Path membership) throws IOException {
        if (Files.exists(directory.resolve(LOG))) {
            throw new IOException(
                    membership + " is missing beside a log: " + MembershipFile.WAY_BACK);
        }
    }

    /** Kept beside the membership until there is one. */
    Attempt attempt(String discoveryUrl) {
        Path file = directory.resolve(JOINING);
        String text = discoveryUrl + "\n";
        return new Attempt() {
            @Override
            public boolean mayBeDone() throws IOException {
                return Files.exists(file)
                        && Arrays.equals(
                                Files.readAllBytes(file), text.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void begin() throws IOException {
                replace(JOINING, text);
            }

            @Override
            public void drop() throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }

    public void keep(Membership membership) throws IOException {
        replace(MEMBERSHIP, MembershipFile.text(membership));
        Files.deleteIfExists(directory.resolve(JOINING));
    }

    private void replace(String name, String text) throws IOException {
        AtomicFile.secretAt(directory.resolve(name)).replace(text);
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
    }
}
