package flotilla.bench;

import flotilla.conformance.servers.Launcher;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A cluster that the built {@code ./flotilla} brings up for one measurement, in a folder of its
 * own. Both are removed when this program ends, however it ends.
 *
 * @param flotilla runs a command of it
 * @param folder for whatever else the measurement needs
 */
record OwnCluster(Launcher flotilla, Path folder) {
    /**
     * Nothing is up yet.
     *
     * @param subnet the first three numbers of its machines' addresses
     */
    static OwnCluster at(String subnet) throws IOException {
        Path folder = Files.createTempDirectory("flotilla-bench-");
        OwnCluster cluster = new OwnCluster(new Launcher(folder.resolve("home"), subnet), folder);
        // Not in a finally: the machines would outlive an interrupted run.
        Runtime.getRuntime().addShutdownHook(new Thread(cluster::remove));
        return cluster;
    }

    private void remove() {
        flotilla.run("down", "--purge");
        try {
            Disk.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("removing " + folder, e);
        }
    }

    /** The process of each machine that is up, by the machine's name. */
    Map<String, Long> processes() {
        Map<String, Long> processes = new TreeMap<>();
        for (String line : flotilla.run("machine", "ls").text().lines().skip(1).toList()) {
            String[] columns = line.strip().split("\\s+");
            String pid = columns[columns.length - 1];
            if (!pid.equals("-")) {
                processes.put(columns[0], Long.valueOf(pid));
            }
        }
        return processes;
    }

    /** The process of a machine that is up. */
    long process(String machine) {
        return Optional.ofNullable(processes().get(machine)).orElseThrow();
    }
}
