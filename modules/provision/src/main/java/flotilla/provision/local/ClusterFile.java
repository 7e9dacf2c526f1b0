package flotilla.provision.local;

import flotilla.platform.disk.Checksum;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import flotilla.platform.json.JsonObject;
import flotilla.provision.ProvisionException;
import flotilla.provision.process.PrivateFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster's one state file: replaced whole, and read with suspicion. */
final class ClusterFile {
    /** Of the cluster's JSON on one line; an earlier version and people write none. */
    private static final String CHECKSUM = "checksum";

    private ClusterFile() {}

    /** Empty when nothing was ever created here. */
    static Optional<Cluster> read(LocalHome home) {
        Path file = home.clusterFile();
        Cluster cluster;
        try {
            JsonObject saved = JsonObject.read(Files.readString(file));
            cluster = Cluster.read(saved);
            String checksum = saved.text(CHECKSUM);
            boolean whole = checksum == null || checksum.equals(checksum(cluster));
            if (cluster.format() == Cluster.FORMAT && !whole) {
                throw damaged(file, null);
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException | JsonException | ArithmeticException e) {
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

    private static String checksum(Cluster cluster) {
        return Checksum.of(new JsonObject(cluster.fields()).json());
    }

    static void write(LocalHome home, Cluster cluster) {
        Map<String, @Nullable Object> saved = cluster.fields();
        saved.put(CHECKSUM, checksum(cluster));
        try {
            PrivateFiles.replace(home.clusterFile(), Json.writePretty(saved) + "\n");
        } catch (IOException e) {
            throw new ProvisionException("can't write " + home.clusterFile(), e);
        }
    }
}
