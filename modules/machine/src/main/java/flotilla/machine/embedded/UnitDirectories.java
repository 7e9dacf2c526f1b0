package flotilla.machine.embedded;

import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.OwnFile;
import flotilla.machine.UnitFileName;
import flotilla.machine.job.Dependencies;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import flotilla.units.Glob;
import flotilla.units.UnitFile;
import flotilla.units.UnitName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The directories of unit files below a root, the strongest first (systemd.unit(5)). */
final class UnitDirectories {
    private static final Path NULL = Path.of("/dev/null");

    /** Of one directory: half as many as systemd has names for units (MANAGER_MAX_NAMES). */
    private static final int ENTRIES_MAX = 1 << 16;

    private final Path root;
    private final List<Path> path;

    UnitDirectories(Path root) {
        this.root = root;
        this.path =
                List.of(
                        root.resolve("etc/systemd/system"),
                        root.resolve("run/systemd/system"),
                        root.resolve("run/fleet/units"),
                        root.resolve("usr/lib/systemd/system"));
    }

    Path directory(UnitDirectory directory) {
        return path.get(directory == UnitDirectory.PERSISTENT ? 0 : 1);
    }

    /** The unit's file, or its template's, or the link to /dev/null that masks it. */
    Optional<Path> find(String name) {
        Optional<Path> own = findExact(name);
        return own.isPresent()
                ? own
                : new UnitName(name).template().flatMap(template -> findExact(template.full()));
    }

    private Optional<Path> findExact(String name) {
        return path.stream()
                .map(directory -> directory.resolve(name))
                .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    boolean isMasked(Path file) throws IOException {
        return Files.isSymbolicLink(file) && Files.readSymbolicLink(file).equals(NULL);
    }

    /**
     * Drop-ins in the order they apply: by file name, a stronger directory's instead of a weaker's.
     */
    List<Path> dropIns(String name) throws IOException {
        UnitName unit = new UnitName(name);
        List<String> folders = new ArrayList<>(List.of(unit.suffix() + ".d"));
        unit.template().ifPresent(template -> folders.add(template.full() + ".d"));
        folders.add(name + ".d");
        Map<String, Path> byName = new TreeMap<>();
        for (String folder : folders) {
            for (Path directory : path.reversed()) {
                for (Path file : entries(directory.resolve(folder))) {
                    if (file.getFileName().toString().endsWith(".conf")) {
                        byName.put(file.getFileName().toString(), file);
                    }
                }
            }
        }
        List<Path> live = new ArrayList<>();
        for (Path file : byName.values()) {
            if (!isMasked(file)) {
                live.add(file);
            }
        }
        return live;
    }

    Dependencies.Links links(String name) throws IOException {
        return new Dependencies.Links(linked(name + ".wants"), linked(name + ".requires"));
    }

    private Set<String> linked(String folder) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path directory : path) {
            for (Path link : entries(directory.resolve(folder))) {
                names.add(link.getFileName().toString());
            }
        }
        return names;
    }

    /** All units that have a file or are linked to, but templates. */
    Set<String> names() throws IOException {
        Set<String> names = new LinkedHashSet<>();
        for (Path directory : path) {
            for (Path file : entries(directory)) {
                String name = file.getFileName().toString();
                if (Files.isDirectory(file)) {
                    boolean links = name.endsWith(".wants") || name.endsWith(".requires");
                    entries(links ? file : file.resolve("none"))
                            .forEach(link -> names.add(link.getFileName().toString()));
                } else {
                    names.add(name);
                }
            }
        }
        names.removeIf(
                name -> UnitName.problem(name).isPresent() || new UnitName(name).isTemplate());
        return names;
    }

    /** Whether a link makes the unit start at boot. */
    boolean isEnabled(String name) throws IOException {
        for (Path directory : path) {
            for (Path folder : entries(directory)) {
                String folderName = folder.getFileName().toString();
                boolean links = folderName.endsWith(".wants") || folderName.endsWith(".requires");
                if (links && Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
        }
        return false;
    }

    void write(UnitDirectory directory, String name, String content) throws IOException {
        Path file = directory(directory).resolve(UnitFileName.require(name));
        Files.createDirectories(file.getParent());
        replacementOf(file).replace(content);
        syncNames(file);
    }

    Optional<String> read(UnitDirectory directory, String name) throws IOException {
        try {
            // Not UTF-8 is what nobody wrote: it reads as something else, and that is enough.
            byte[] bytes =
                    Files.readAllBytes(directory(directory).resolve(UnitFileName.require(name)));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void remove(UnitDirectory directory, String name) throws IOException {
        Path file = directory(directory).resolve(UnitFileName.require(name));
        if (Files.deleteIfExists(file)) {
            syncNames(file);
        }
        unlink(file, directory(directory));
    }

    /** Removes the links that enabling the unit made in that directory. */
    void unlink(UnitDirectory directory, String name) throws IOException {
        Path base = directory(directory);
        unlink(base.resolve(UnitFileName.require(name)), base);
        Optional<Path> elsewhere = find(name);
        if (elsewhere.isPresent()) {
            unlink(elsewhere.get(), base);
        }
    }

    private void unlink(Path file, Path base) throws IOException {
        for (Path link : linksTo(file, base)) {
            Files.delete(link);
            syncNames(link);
        }
    }

    /** The files in a directory and the drop-ins of its units; links are none. */
    List<OwnFile> own(UnitDirectory directory) throws IOException {
        Path base = directory(directory);
        List<Path> files = new ArrayList<>();
        for (Path entry : entries(base)) {
            boolean dropIns = entry.getFileName().toString().endsWith(".d");
            files.addAll(dropIns ? entries(entry) : List.of(entry));
        }
        List<OwnFile> own = new ArrayList<>();
        for (Path file : files) {
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                String name = base.relativize(file).toString();
                own.add(new OwnFile(name, file, UnitFile.parse(text).hash()));
            }
        }
        return own;
    }

    private List<Path> linksTo(Path file, Path base) throws IOException {
        List<Path> candidates = new ArrayList<>(entries(base));
        for (Path folder : entries(base)) {
            String name = folder.getFileName().toString();
            if (name.endsWith(".wants") || name.endsWith(".requires")) {
                candidates.addAll(entries(folder));
            }
        }
        List<Path> links = new ArrayList<>();
        for (Path candidate : candidates) {
            if (Files.isSymbolicLink(candidate) && Files.readSymbolicLink(candidate).equals(file)) {
                links.add(candidate);
            }
        }
        return links;
    }

    private AtomicFile replacementOf(Path file) {
        AtomicFile replacement = AtomicFile.at(file);
        return isDurable(file) ? replacement : replacement.unsynced();
    }

    /** What is below etc/ must survive a power cut; what is below run/ ends with the boot. */
    private boolean isDurable(Path file) {
        return file.startsWith(directory(UnitDirectory.PERSISTENT));
    }

    /** Fsyncs the directories that lead to a durable file, some of which may be new. */
    private void syncNames(Path file) throws IOException {
        if (isDurable(file)) {
            Path top = directory(UnitDirectory.PERSISTENT).getParent();
            Path at = file.getParent();
            while (at != null && at.startsWith(top)) {
                Disk.sync(at);
                at = at.getParent();
            }
        }
    }

    void link(Path link, Path target) throws IOException {
        Files.createDirectories(link.getParent());
        replacementOf(link).replaceByLink(target);
        syncNames(link);
    }

    void mask(UnitDirectory directory, String name) throws IOException {
        link(directory(directory).resolve(UnitFileName.require(name)), NULL);
    }

    void unmask(UnitDirectory directory, String name) throws IOException {
        Path file = directory(directory).resolve(UnitFileName.require(name));
        if (Files.isSymbolicLink(file) && isMasked(file)) {
            Files.delete(file);
            syncNames(file);
        }
    }

    /**
     * A path as a unit file means it: the machine's own file where there is one, else the host's.
     */
    Path onMachine(String absolute) {
        Path own = root.resolve(absolute.substring(absolute.startsWith("/") ? 1 : 0));
        return Files.exists(own, LinkOption.NOFOLLOW_LINKS) ? own : Path.of(absolute);
    }

    /** The files that a path means whose last part may be a pattern, sorted; empty for none. */
    List<Path> glob(String absolute) throws IOException {
        int slash = absolute.lastIndexOf('/') + 1;
        String pattern = absolute.substring(slash);
        if (pattern.chars().noneMatch(c -> "*?[".indexOf(c) >= 0)) {
            return Stream.of(onMachine(absolute)).filter(Files::isRegularFile).toList();
        }
        return entries(onMachine(absolute.substring(0, slash))).stream()
                .filter(file -> Glob.matches(pattern, file.getFileName().toString()))
                .filter(Files::isRegularFile)
                .toList();
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                for (Path entry : stream) {
                    if (entries.size() == ENTRIES_MAX) {
                        throw new IOException(
                                "%s holds more than %,d files: remove some"
                                        .formatted(directory, ENTRIES_MAX));
                    }
                    entries.add(entry);
                }
            }
        }
        entries.removeIf(entry -> entry.getFileName().toString().startsWith("."));
        entries.sort(null);
        return entries;
    }
}
