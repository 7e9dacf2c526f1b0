package flotilla.provision.local;

import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The cluster's one state file: replaced whole, and read with suspicion. */
final class ClusterFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ClusterFile() {}

    /** Empty when nothing was ever created here. */
    static Optional<Cluster> read(LocalHome home) {
        Path file = home.clusterFile();
        Cluster cluster;
        try {
            cluster = JSON.readValue(Files.readString(file), Cluster.class);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ProvisionException("can't read " + file, e);
        } catch (JacksonException | NullPointerException e) {
            throw new ProvisionException(
                    file
                            + " is damaged and names no cluster: put it back from a copy, or remove the cluster with ./flotilla down --purge",
                    e);
        }
        if (cluster.format() != Cluster.FORMAT) {
            throw new ProvisionException(
                    file
                            + " has format "
                            + cluster.format()
                            + ", this Flotilla knows "
                            + Cluster.FORMAT
                            + ": use the version that made the cluster, or remove it with ./flotilla down --purge");
        }
        if (!cluster.subnet().equals(home.subnet())) {
            throw new ProvisionException(
                    "the cluster in "
                            + home.directory()
                            + " lives in "
                            + cluster.subnet()
                            + ".0/24, not in "
                            + home.subnet()
                            + ".0/24: unset FLOTILLA_SUBNET, or give the other cluster its own FLOTILLA_HOME");
        }
        return Optional.of(cluster);
    }

    static void write(LocalHome home, Cluster cluster) {
        try {
            PrivateFiles.replace(
                    home.clusterFile(),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(cluster) + "\n");
        } catch (IOException e) {
            throw new ProvisionException("can't write " + home.clusterFile(), e);
        }
    }
}
