package flotilla.cloudconfig.apply;

import flotilla.cloudconfig.document.CloudConfig.WrittenFile;
import flotilla.platform.disk.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A directory of the machine held open: whatever somebody does meanwhile to the names that led
 * here, what is done by this happens in it. Nothing in it is reached through a symbolic link, and
 * nothing that is not its owner's is reached through a directory that is not the machine's: see
 * {@link Keepers}. All methods block for the disk.
 */
final class HeldDirectory implements Closeable {
    /** Names looked at in one directory, which somebody else may have filled. */
    private static final int NAMES_MAX = 1000;

    private final Descriptor descriptor;
    private final Path place;
    private final Keepers keepers;
    private final Owned owned;

    /** Closes the descriptor when it is closed, or can't be made. */
    private HeldDirectory(Descriptor descriptor, Path place, Keepers keepers) throws IOException {
        this.descriptor = descriptor;
        this.place = place;
        this.keepers = keepers;
        try {
            this.owned = Owned.of(descriptor.path());
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    static HeldDirectory root(Path root, Keepers keepers) throws IOException {
        return new HeldDirectory(Descriptor.startingAt(root), root, keepers);
    }

    /** For people: by which names it was found. */
    Path place() {
        return place;
    }

    Owned owned() {
        return owned;
    }

    /**
     * A directory in this one, if there is one.
     *
     * @throws NotDirectoryException if that name is something else's, a symbolic link's too
     */
    Optional<HeldDirectory> enter(String name) throws IOException {
        try {
            HeldDirectory child = child(descriptor.directory(name), name);
            try {
                keepers.check(owned, child.owned, child.place);
                return Optional.of(child);
            } catch (IOException e) {
                child.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * A directory in this one, made when there is none, which is durable then.
     *
     * @param owner whose a new one is to be: as chown(1) takes it
     */
    HeldDirectory enterOrMake(String name, int mode, String owner) throws IOException {
        Optional<HeldDirectory> there = enter(name);
        if (there.isPresent()) {
            return there.get();
        }
        make(name, mode, owner);
        return enter(name)
                .orElseThrow(() ->
                        new IOException(place.resolve(name) + " was made, and is gone again"));
    }

    private void make(String name, int mode, String owner) throws IOException {
        try {
            Files.createDirectory(
                    descriptor.path().resolve(name),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            return; // Somebody was quicker: it is looked at like any that was there.
        } catch (FileSystemException e) {
            throw new IOException(
                    "can't make the directory %s: %s".formatted(place.resolve(name), words(e)), e);
        }
        try (HeldDirectory made = child(descriptor.directory(name), name)) {
            // Another's, if this one was exchanged for it: then it is not for us to give away.
            if (made.owned.uid() == Owned.ofThisProcess().uid() && made.isEmpty()) {
                Owner.give(made.descriptor.path(), owner);
                Files.setAttribute(made.descriptor.path(), "unix:mode", mode);
                Disk.sync(made.descriptor.path());
            }
        } catch (NoSuchFileException e) {
            return; // Somebody has taken it away: whoever enters says so.
        }
        Disk.sync(descriptor.path());
    }

    private boolean isEmpty() throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(descriptor.path())) {
            return !names.iterator().hasNext();
        }
    }

    private HeldDirectory child(Descriptor held, String name) throws IOException {
        return new HeldDirectory(held, place.resolve(name), keepers);
    }

    boolean isLink(String name) {
        return Files.isSymbolicLink(descriptor.path().resolve(name));
    }

    /** Where a symbolic link in it leads to; also whose it is counts: see {@link Keepers}. */
    String target(String name) throws IOException {
        Path link = descriptor.path().resolve(name);
        keepers.checkLink(owned, Owned.ofLink(link), place.resolve(name));
        return Files.readSymbolicLink(link).toString();
    }

    /** The names of the files in it, but not of links, and of those that have text for a name. */
    List<String> files() throws IOException {
        List<String> names = new ArrayList<>();
        int seen = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(descriptor.path())) {
            for (Path entry : entries) {
                if (++seen > NAMES_MAX) {
                    throw new IOException("%s has more than %d files".formatted(place, NAMES_MAX));
                }
                String name = String.valueOf(entry.getFileName());
                if (Files.isRegularFile(
                        descriptor.path().resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /**
     * What a file in it holds, if there is one.
     *
     * @throws IOException also when it is a link or no file, not of whoever owns the directory, or
     *     has more bytes
     */
    Optional<byte[]> read(String name, int bytesMax) throws IOException {
        Path file = place.resolve(name);
        try (Descriptor held = descriptor.file(name)) {
            if (!Files.isRegularFile(held.path())) {
                throw new IOException(file + " is no file");
            }
            keepers.check(owned, Owned.of(held.path()), file);
            try (InputStream in = Files.newInputStream(held.path())) {
                byte[] bytes = in.readNBytes(bytesMax + 1);
                if (bytes.length > bytesMax) {
                    throw new IOException("%s is larger than %d bytes".formatted(file, bytesMax));
                }
                return Optional.of(bytes);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (NotDirectoryException e) {
            throw new IOException(Keepers.notFollowed(file), e);
        }
    }

    /** A step of {@link #replace}. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    /**
     * Replaces a file in it whole, or makes it: whoever reads it, also after a crash, finds the old
     * contents or the new. The new are forced to the disk, with owner and mode, before they get the
     * name, and the directory after. A link in its place is replaced itself. When it fails the file
     * is as before and nothing else is left, unless forcing the directory is what failed.
     *
     * @param mode with the bits for set-user-ID and such, which nobody sets before it is whole
     * @param owner as chown(1) takes it; nothing for this process's own
     */
    void replace(String name, byte[] content, int mode, Optional<String> owner) throws IOException {
        Path file = place.resolve(name);
        Path directory = descriptor.path();
        String fresh = ".new-" + UUID.randomUUID();
        try (Descriptor held = descriptor.create(fresh)) {
            boolean done = false;
            try {
                fill(held.path(), file, new WrittenFile(name, content, mode, owner));
                attempt(
                        file,
                        "rename the new file",
                        () ->
                                Files.move(
                                        directory.resolve(fresh),
                                        directory.resolve(name),
                                        StandardCopyOption.ATOMIC_MOVE));
                done = true;
            } finally {
                if (!done) {
                    Files.deleteIfExists(directory.resolve(fresh));
                }
            }
        } catch (FileSystemException e) {
            throw failed(file, "make a file beside it", e);
        }
        attempt(file, "force its directory to the disk", () -> Disk.sync(directory));
    }

    private static void fill(Path fresh, Path file, WrittenFile text) throws IOException {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            attempt(file, "write the new contents", () -> Disk.write(channel, text.content()));
            if (text.owner().isPresent()) {
                Owner.give(fresh, text.owner().get());
            }
            attempt(
                    file,
                    "set its mode",
                    () -> Files.setAttribute(fresh, "unix:mode", text.permissions()));
            attempt(file, "force the new contents to the disk", () -> channel.force(true));
        }
    }

    private static void attempt(Path file, String what, Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw failed(file, what, e);
        }
    }

    private static IOException failed(Path file, String what, IOException e) {
        return new IOException("can't replace %s: can't %s: %s".formatted(file, what, words(e)), e);
    }

    /** The system's; the path that is before them leads through a number. */
    private static String words(IOException e) {
        if (e instanceof FileSystemException named) {
            return named.getReason() == null ? named.getClass().getSimpleName() : named.getReason();
        }
        return String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
