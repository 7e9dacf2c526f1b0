package flotilla.provision.process;

import flotilla.platform.disk.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files only their owner may read (user-data carries secrets), whole or not there at all. */
public final class PrivateFiles {
    private PrivateFiles() {}

    /** Makes the directory and its parents, those that are new with mode 0700. */
    public static void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** As {@link AtomicFile} does, with the directory made when missing. */
    public static void replace(Path file, String text) throws IOException {
        createDirectories(file.toAbsolutePath().resolveSibling(""));
        AtomicFile.secretAt(file).replace(text);
    }
}
