package flotilla.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The source tree these tests run in. */
public final class Checkout {
    /** Folders that builds, editors and version control make; nothing in them is ours to judge. */
    private static final Set<String> NOT_SOURCE =
            Set.of("target", ".git", ".flotilla", ".idea", ".vscode", ".settings", "node_modules");

    private final Path root;

    private Checkout(Path root) {
        this.root = root;
    }

    /**
     * The checkout around the working directory.
     *
     * @throws IllegalStateException when there is none
     */
    public static Checkout here() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve("pom.xml"))
                    && Files.isDirectory(at.resolve("modules"))) {
                return new Checkout(at);
            }
        }
        throw new IllegalStateException(start + " is not inside a checkout of flotilla");
    }

    public Path root() {
        return root;
    }

    /** The path as it stands in the repository, with slashes. */
    public String name(Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    /** All source files whose repository path passes, in path order. */
    public List<Path> files(Predicate<String> wanted) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(root, new Collector(found, wanted));
        } catch (IOException e) {
            throw new UncheckedIOException("listing " + root, e);
        }
        found.sort(null);
        return found;
    }

    private final class Collector extends SimpleFileVisitor<Path> {
        private final List<Path> found;
        private final Predicate<String> wanted;

        Collector(List<Path> found, Predicate<String> wanted) {
            this.found = found;
            this.wanted = wanted;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isNoSource(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isNoSource(file) && wanted.test(name(file))) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        /** In a linked work tree .git is a file. */
        private static boolean isNoSource(Path file) {
            Path last = file.getFileName();
            return last != null && NOT_SOURCE.contains(last.toString());
        }
    }
}
