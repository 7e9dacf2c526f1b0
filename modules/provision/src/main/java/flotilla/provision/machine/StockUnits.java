package flotilla.provision.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The unit files that come with the system, in usr/lib/systemd/system: what cloud-config's drop-ins
 * configure and its {@code command: start} starts.
 */
final class StockUnits {
    /** The paths that the machine's process carries itself; the units name them as any system's. */
    static final String ETCD = "/usr/bin/etcd";

    static final String FLEETD = "/usr/bin/fleetd";

    private static final Map<String, String> UNITS =
            Map.of(
                    "etcd.service",
                    """
                    [Unit]
                    Description=etcd, the distributed /etc

                    [Service]
                    Type=notify
                    Environment=ETCD_DATA_DIR=/var/lib/etcd
                    Environment=ETCD_NAME=%m
                    ExecStart=/usr/bin/etcd
                    # Forming a cluster waits for the other machines, however long they take.
                    TimeoutStartSec=0
                    Restart=on-failure
                    RestartSec=2
                    """,
                    "fleet.service",
                    """
                    [Unit]
                    Description=fleet, the cluster-wide init system
                    Wants=etcd.service
                    After=etcd.service

                    [Service]
                    Type=notify
                    ExecStart=/usr/bin/fleetd
                    TimeoutStartSec=0
                    Restart=always
                    RestartSec=2
                    """);

    private StockUnits() {}

    static void install(Path root) throws IOException {
        Path directory = root.resolve("usr/lib/systemd/system");
        Files.createDirectories(directory);
        for (Map.Entry<String, String> unit : UNITS.entrySet()) {
            RootDirectory.put(directory.resolve(unit.getKey()), unit.getValue());
        }
    }
}
