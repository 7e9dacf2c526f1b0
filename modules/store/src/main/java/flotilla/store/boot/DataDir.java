package flotilla.store.boot;

import flotilla.discovery.Attempt;
import flotilla.platform.disk.AtomicFile;
import flotilla.store.raft.Membership;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
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
    public record Places(Path state, Path log) {}

    public static Places places(Path directory) {
        Path member = directory.resolve("member");
        return new Places(member.resolve("state"), member.resolve("log"));
    }

    /** Who this member was settled to be, or empty for a fresh directory. */
    public Optional<Membership> membership() throws IOException {
        Path file = directory.resolve(MEMBERSHIP);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(Files.readAllLines(file)));
        } catch (RuntimeException e) {
            throw new IOException("cannot read who this member is from " + file, e);
        }
    }

    /** Kept beside the membership until there is one. */
    Attempt attempt(String discoveryUrl) {
        Path file = directory.resolve(JOINING);
        String text = discoveryUrl + "\n";
        return new Attempt() {
            @Override
            public boolean mayBeDone() throws IOException {
                return Files.exists(file) && Files.readString(file).equals(text);
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
        replace(MEMBERSHIP, text(membership));
        Files.deleteIfExists(directory.resolve(JOINING));
    }

    private void replace(String name, String text) throws IOException {
        AtomicFile.secretAt(directory.resolve(name)).replace(text);
    }

    private static String text(Membership membership) {
        StringBuilder text = new StringBuilder();
        text.append("cluster ").append(MemberIds.hex(membership.clusterId())).append('\n');
        text.append("self ").append(MemberIds.hex(membership.self())).append('\n');
        for (Membership.Peer peer : membership.members()) {
            text.append("member ").append(MemberIds.hex(peer.id()));
            text.append(' ').append(String.join(",", peer.peerUrls()));
            text.append(' ').append(peer.name()).append('\n');
        }
        return text.toString();
    }

    private static Membership read(List<String> lines) {
        long cluster = 0;
        long self = 0;
        List<Membership.Peer> peers = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            long id = Long.parseUnsignedLong(words[1], 16);
            switch (words[0]) {
                case "cluster" -> cluster = id;
                case "self" -> self = id;
                case "member" ->
                        peers.add(new Membership.Peer(id, words[3], List.of(words[2].split(","))));
                default -> throw new IllegalArgumentException("unknown line: " + line);
            }
        }
        return new Membership(cluster, self, peers);
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
    }
}
