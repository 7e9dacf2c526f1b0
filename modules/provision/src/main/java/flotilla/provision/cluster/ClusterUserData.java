package flotilla.provision.cluster;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.provision.ProvisionException;
import flotilla.provision.discovery.DiscoveryUrl;
import flotilla.provision.process.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A cluster's user-data, its token filled in: the one file that all machines boot from.
 *
 * @param file 0600, for it may carry secrets
 */
public record ClusterUserData(Path file) {
    /** Of the cluster that has this home. */
    public static ClusterUserData in(Path home) {
        return new ClusterUserData(home.resolve("user-data"));
    }

    public String read() {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ProvisionException(
                    "can't read the cluster's user-data "
                            + file
                            + ": put it back, or remove the cluster with ./flotilla down --purge",
                    e);
        }
    }

    public void write(String userData) {
        try {
            PrivateFiles.replace(file, userData);
        } catch (IOException e) {
            throw new ProvisionException("can't write " + file, e);
        }
    }

    /** Whether machines that boot from it have fleet; it may start the store alone. */
    public boolean startsFleet() {
        return CloudConfig.read(read(), CloudConfig.Mode.LENIENT).document().stream()
                .flatMap(document -> document.units().stream())
                .anyMatch(
                        unit -> unit.name().equals("fleet.service") && unit.command().isPresent());
    }

    /** Whether another is the same, but for the token. */
    public boolean isLike(String userData) {
        return DiscoveryUrl.replaceIn(read(), "x").equals(DiscoveryUrl.replaceIn(userData, "x"));
    }
}
