package flotilla.provision.local;

import flotilla.platform.disk.Checksum;
import flotilla.provision.ProvisionException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The cluster's one state file: replaced whole, and read with suspicion. */
final class ClusterFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * As it is in the file.
     *
     * @param checksum of the cluster's JSON on one line; none in the file of an earlier version or
     *     in one that was written by hand
     */
    private record Saved(
            int format, String subnet, List<Cluster.Member> members, @Nullable String checksum) {
        static Saved of(Cluster cluster) {
            return new Saved(
                    cluster.format(), cluster.subnet(), cluster.members(), checksum(cluster));
        }

        Cluster cluster() {
            return new Cluster(format, subnet, members);
        }

        boolean isWhole() {
            return checksum == null || checksum.equals(checksum(cluster()));
        }

        private static String checksum(Cluster cluster) {
            return Checksum.of(JSON.writeValueAsString(cluster));
        }
    }

    private ClusterFile() {}

    /** Empty when nothing was ever created here. */
    static Optional<Cluster> read(LocalHome home) {
        Path file = home.clusterFile();
        Cluster cluster;
        try {
            Saved saved = JSON.readValue(Files.readString(file), Saved.class);
            cluster = saved.cluster();
            if (cluster.format() == Cluster.FORMAT && !saved.isWhole()) {
                throw damaged(file, null);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException | JacksonException | NullPointerException e) {
            throw damaged(file, e);
        } catch (IOException e) {
            throw new ProvisionException("can't read " + file + ": is it yours?", e);
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

    private static ProvisionException damaged(Path file, @Nullable Exception cause) {
        String words =
                file
                        + " is damaged and names no cluster: put it back from a copy, or remove the cluster with ./flotilla down --purge";
        return cause == null ? new ProvisionException(words) : new ProvisionException(words, cause);
    }

    static void write(LocalHome home, Cluster cluster) {
        try {
            PrivateFiles.replace(
                    home.clusterFile(),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(Saved.of(cluster))
                            + "\n");
        } catch (IOException e) {
            throw new ProvisionException("can't write " + home.clusterFile(), e);
        }
    }
}
