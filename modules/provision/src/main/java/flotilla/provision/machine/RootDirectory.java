package flotilla.provision.machine;

import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a machine's root must hold before its init starts; as on a real one, /run begins empty. */
final class RootDirectory {
    private RootDirectory() {}

    static Path prepare(MachineSpec spec) throws IOException {
        Path root = Path.of(spec.root());
        empty(root.resolve("run"));
        empty(root.resolve("tmp"));
        Files.createDirectories(root.resolve("var/lib"));
        Path etc = Files.createDirectories(root.resolve("etc"));
        AtomicFile.at(etc.resolve("machine-id")).replace(spec.machineId() + "\n");
        if (!Files.exists(etc.resolve("hostname"))) {
            AtomicFile.at(etc.resolve("hostname")).replace(spec.name() + "\n");
        }
        StockUnits.install(root);
        return root;
    }

    private static void empty(Path directory) throws IOException {
        Disk.deleteTree(directory);
        Files.createDirectories(directory);
    }
}
