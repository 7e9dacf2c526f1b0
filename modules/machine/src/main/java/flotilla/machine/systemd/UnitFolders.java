package flotilla.machine.systemd;

import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.OwnFile;
import flotilla.machine.UnitFileName;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The unit files of ours in systemd's directories, which hold others' too. Which are ours is noted
 * beside, by a link to each that is made before the file and removed after it: so that a crash
 * leaves a link to nothing, never a file that nobody knows of.
 */
final class UnitFolders {
    private final Path root;

    UnitFolders(Path root) {
        this.root = root;
    }

    Path directory(UnitDirectory directory) {
        return root.resolve(
                directory == UnitDirectory.PERSISTENT
                        ? "etc/systemd/system"
                        : "run/systemd/system");
    }

    private Path notes(UnitDirectory directory) {
        return root.resolve(
                directory == UnitDirectory.PERSISTENT
                        ? "var/lib/flotilla/units"
                        : "run/flotilla/units");
    }

    void write(UnitDirectory directory, String name, String content) throws IOException {
        Path file = directory(directory).resolve(UnitFileName.require(name));
        Path note = notes(directory).resolve(name);
        Path folder = folder(directory(directory), name);
        Path notes = folder(notes(directory), name);
        boolean durable = directory == UnitDirectory.PERSISTENT;
        Files.createDirectories(folder);
        Files.createDirectories(notes);
        AtomicFile noted = AtomicFile.at(note);
        (durable ? noted : noted.unsynced()).replaceByLink(seen(file));
        AtomicFile written = AtomicFile.at(file);
        (durable ? written : written.unsynced()).replace(content);
        if (durable) {
            Disk.sync(notes);
            Disk.sync(folder);
        }
    }

    /** That holds a file of this name: a drop-in has its unit's own. */
    private static Path folder(Path base, String name) {
        int slash = name.indexOf('/');
        return slash < 0 ? base : base.resolve(name.substring(0, slash));
    }

    /** A path as the host itself has it. */
    private Path seen(Path file) {
        return Path.of("/").resolve(root.relativize(file));
    }

    Optional<String> read(UnitDirectory directory, String name) throws IOException {
        return text(directory(directory).resolve(UnitFileName.require(name)));
    }

    private static Optional<String> text(Path file) throws IOException {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    List<OwnFile> own(UnitDirectory directory) throws IOException {
        Path notes = notes(directory);
        List<OwnFile> own = new ArrayList<>();
        for (Path note : everything(notes)) {
            String name = notes.relativize(note).toString();
            Path file = directory(directory).resolve(name);
            Optional<String> text = text(file);
            if (text.isPresent() && !Files.isSymbolicLink(file)) {
                own.add(new OwnFile(name, seen(file), UnitFile.parse(text.get()).hash()));
            }
        }
        own.sort((a, b) -> a.name().compareTo(b.name()));
        return own;
    }

    private static List<Path> everything(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            Files.walkFileTree(
                    directory,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes its) {
                            files.add(file);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
        return files;
    }

    /** What was set while it ran goes too: it would outlive the file (systemd.control). */
    void remove(UnitDirectory directory, String name) throws IOException {
        Path file = directory(directory).resolve(UnitFileName.require(name));
        boolean own = Files.isSymbolicLink(notes(directory).resolve(name));
        if (own || !Files.isSymbolicLink(file)) {
            Files.deleteIfExists(file);
        }
        if (!name.contains("/")) {
            unlink(directory, name);
            Path set = root.resolve("run/systemd/system.control/" + name + ".d");
            if (Files.isDirectory(set, LinkOption.NOFOLLOW_LINKS)) {
                Disk.deleteTree(set);
            }
        } else {
            removeIfEmpty(folder(directory(directory), name));
        }
        Files.deleteIfExists(notes(directory).resolve(name));
        if (name.contains("/")) {
            removeIfEmpty(folder(notes(directory), name));
        }
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        boolean empty;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            empty = !entries.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return;
        }
        if (empty) {
            Files.deleteIfExists(directory);
        }
    }

    /** Removes what enabling the unit linked in that directory. */
    void unlink(UnitDirectory directory, String name) throws IOException {
        Path base = directory(directory);
        List<Path> links = new ArrayList<>();
        if (!Files.isDirectory(base)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(base)) {
            for (Path entry : entries) {
                String folder = entry.getFileName().toString();
                if (folder.endsWith(".wants") || folder.endsWith(".requires")) {
                    links.add(entry.resolve(name));
                } else if (Files.isSymbolicLink(entry) && leadsTo(entry, name)) {
                    links.add(entry); // An alias.
                }
            }
        }
        for (Path link : links) {
            if (Files.isSymbolicLink(link)) {
                Files.delete(link);
            }
        }
    }

    private static boolean leadsTo(Path link, String name) throws IOException {
        Path end = Files.readSymbolicLink(link).getFileName();
        return end != null && end.toString().equals(name);
    }
}
