package flotilla.provision.machine;

import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a machine's root must hold before its init starts; as on a real one, /run begins empty. */
final class RootDirectory {
    private RootDirectory() {}

    static Path prepare(MachineSpec spec) throws IOException {
        Path root = Path.of(spec.root());
        empty(root.resolve("run"));
        empty(root.resolve("tmp"));
        Files.createDirectories(root.resolve("var/lib"));
        Path etc = Files.createDirectories(root.resolve("etc"));
        put(etc.resolve("machine-id"), spec.machineId() + "\n");
        if (!Files.exists(etc.resolve("hostname"))) {
            put(etc.resolve("hostname"), spec.name() + "\n");
        }
        StockUnits.install(root);
        return root;
    }

    /** What is as it must be is left alone: so a machine boots that has no room. */
    static void put(Path file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        boolean there = Files.isRegularFile(file) && Files.size(file) == bytes.length;
        if (!there || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            AtomicFile.at(file).replace(bytes);
        }
    }

    private static void empty(Path directory) throws IOException {
        Disk.deleteTree(directory);
        Files.createDirectories(directory);
    }
}
