package flotilla.cli.cluster;

import flotilla.provision.local.LocalCluster;
import flotilla.provision.local.LocalHome;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** This user's cluster on this host, as the environment names it. */
public final class ThisHost {
    private ThisHost() {}

    /** Its progress goes to stderr. */
    static LocalCluster cluster() {
        return new LocalCluster(
                LocalHome.of(System.getenv()), share().toString(), System.err::println);
    }

    /** Where the examples are: the checkout, or what a package installed. */
    static Path share() {
        return Path.of(System.getenv().getOrDefault("FLOTILLA_SHARE", "/usr/share/flotilla"));
    }

    /** fleet's API of a machine that is up; empty when there is none. */
    public static Optional<URI> endpoint() {
        return cluster().endpoint();
    }

    /** fleet's API of one certain machine. */
    public static Optional<URI> socketOf(String machineId) {
        return cluster().socketOf(machineId);
    }
}
