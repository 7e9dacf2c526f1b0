package flotilla.provision.local;

import flotilla.provision.ProvisionException;
import flotilla.provision.cluster.ClusterUserData;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the local cluster lives: one directory and one loopback /24. Two clusters on one host need
 * two of each.
 *
 * @param directory FLOTILLA_HOME, absolute
 * @param subnet the first three numbers of the addresses: {@code 127.77.0}
 */
public record LocalHome(Path directory, String subnet) {
    /** Machine number 1 has this last number, so that low addresses are free for services. */
    private static final int FIRST_MACHINE = 10;

    /** What the directory of a cluster of this provider holds. */
    static final String CLUSTER_FILE = "cluster.json";

    private static final Pattern SUBNET =
            Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){2}");

    public LocalHome {
        if (!SUBNET.matcher(subnet).matches()) {
            throw new ProvisionException(
                    "FLOTILLA_SUBNET="
                            + subnet
                            + " is no loopback subnet: give three numbers that start with 127, such as 127.77.0");
        }
        directory = directory.toAbsolutePath().normalize();
    }

    /** From FLOTILLA_HOME, XDG_STATE_HOME, HOME and FLOTILLA_SUBNET, each with its default. */
    public static LocalHome of(Map<String, String> environment) {
        String subnet = environment.getOrDefault("FLOTILLA_SUBNET", "");
        return new LocalHome(directory(environment), subnet.isEmpty() ? "127.77.0" : subnet);
    }

    /** From FLOTILLA_HOME, XDG_STATE_HOME and HOME, each with its default. */
    public static Path directory(Map<String, String> environment) {
        String own = environment.getOrDefault("FLOTILLA_HOME", "");
        return own.isEmpty() ? stateHome(environment).resolve("flotilla") : Path.of(own);
    }

    private static Path stateHome(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        if (xdg.startsWith("/")) {
            return Path.of(xdg);
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new ProvisionException(
                    "there is no HOME to keep the cluster in: set FLOTILLA_HOME to a directory");
        }
        return Path.of(home, ".local", "state");
    }

    String discoveryAddress() {
        return subnet + ".1";
    }

    String machineAddress(int number) {
        return subnet + "." + (FIRST_MACHINE + number);
    }

    Path clusterFile() {
        return directory.resolve(CLUSTER_FILE);
    }

    ClusterUserData userData() {
        return ClusterUserData.in(directory);
    }

    /** What a program shows the store to write fleet's keys. */
    Path clusterToken() {
        return directory.resolve("cluster.token");
    }

    Path discovery() {
        return directory.resolve("discovery");
    }

    Path machines() {
        return directory.resolve("machines");
    }

    Path machine(String name) {
        return machines().resolve(name);
    }
}
