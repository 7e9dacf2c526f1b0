package flotilla.provision.local;

import flotilla.provision.ProvisionException;
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

    /** The port of discovery.etcd.io's own server, in its stand-alone form. */
    static final int DISCOVERY_PORT = 8087;

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
        String own = environment.getOrDefault("FLOTILLA_HOME", "");
        String subnet = environment.getOrDefault("FLOTILLA_SUBNET", "");
        return new LocalHome(
                own.isEmpty() ? stateHome(environment).resolve("flotilla") : Path.of(own),
                subnet.isEmpty() ? "127.77.0" : subnet);
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
        return directory.resolve("cluster.json");
    }

    Path userData() {
        return directory.resolve("user-data");
    }

    /** What a program shows the store to write fleet's keys. */
    Path clusterToken() {
        return directory.resolve("cluster.token");
    }

    Path lockFile() {
        return directory.resolve("lock");
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
