package flotilla.trust.home;

import flotilla.platform.disk.AtomicFile;
import flotilla.trust.authority.Profile;
import flotilla.trust.join.CredentialFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a machine's own services are told, so that they show its certificates and speak plainly to
 * nobody: variables in a file of {@link TrustHome}'s, which a drop-in of the service names. Files
 * of variables count for more than lines, and later ones for more than earlier ones: so it stands
 * also against what a cloud-config says.
 *
 * @param root the machine's root directory, {@code /} on the machine itself: what is written names
 *     files as the machine sees them
 * @param localClients whether the store is also served plainly to who is on the machine itself, as
 *     its unit says; below the prefixes that make somebody root, those write nothing
 */
public record UnitSettings(TrustHome home, Path root, boolean localClients) {
    public static final int CLIENT_PORT = 2379;
    public static final int PEER_PORT = 2380;

    private static final Path UNITS = Path.of("etc/systemd/system");

    /** Keys of fleet, by which machines run commands, and of who belongs to the cluster. */
    private static final String GUARDED = "/flotilla/,/_coreos.com/fleet/";

    private static final String DROP_IN = "10-flotilla-trust.conf";

    /** What would have the store find others, or serve, by other ways than those given here. */
    private static final List<String> NOT_OF_THE_STORE =
            List.of(
                    "ETCD_ADDR",
                    "ETCD_PEER_ADDR",
                    "ETCD_BIND_ADDR",
                    "ETCD_PEER_BIND_ADDR",
                    "ETCD_DISCOVERY",
                    "ETCD_AUTO_TLS",
                    "ETCD_PEER_AUTO_TLS",
                    "ETCD_CONFIG_FILE",
                    // A certificate says who asks, and is worth more than a token.
                    "ETCD_EXPERIMENTAL_GUARDED_PREFIX_TOKEN_FILE");

    private static final String LOCAL_CLIENTS = "ETCD_EXPERIMENTAL_LOCAL_CLIENT_URL";

    /** A URL of the store's on a machine. */
    public static String url(String address, int port) {
        return "https://%s:%d"
                .formatted(address.indexOf(':') < 0 ? address : "[" + address + "]", port);
    }

    /**
     * With whom the store's member begins.
     *
     * @param initialCluster {@code NAME=URL,...}, itself among them
     * @param existing whether those others are a cluster already
     */
    public record Beginning(String cluster, String initialCluster, boolean existing) {}

    /** Whether the store has been told by {@link #tellStore}. */
    public boolean toldStore() {
        return Files.exists(dropIn("etcd.service"));
    }

    /**
     * @param name this machine's
     * @param address where it is reached
     */
    public void tellStore(String name, String address, Beginning beginning, StoreCopies copies)
            throws IOException {
        CredentialFiles files = new CredentialFiles(inside(copies.directory()));
        String clients = url(address, CLIENT_PORT);
        String peers = url(address, PEER_PORT);
        Map<String, String> said = new LinkedHashMap<>();
        said.put("ETCD_NAME", name);
        said.put("ETCD_LISTEN_CLIENT_URLS", clients);
        said.put("ETCD_ADVERTISE_CLIENT_URLS", clients);
        said.put("ETCD_LISTEN_PEER_URLS", peers);
        said.put("ETCD_INITIAL_ADVERTISE_PEER_URLS", peers);
        said.put("ETCD_INITIAL_CLUSTER", beginning.initialCluster());
        said.put("ETCD_INITIAL_CLUSTER_STATE", beginning.existing() ? "existing" : "new");
        said.put("ETCD_INITIAL_CLUSTER_TOKEN", beginning.cluster());
        said.put("ETCD_CERT_FILE", files.machine().toString());
        said.put("ETCD_KEY_FILE", files.key().toString());
        said.put("ETCD_TRUSTED_CA_FILE", files.authority().toString());
        said.put("ETCD_CLIENT_CERT_AUTH", "true");
        // An operator's certificate is of the same authority, and no client of the store.
        said.put("ETCD_CLIENT_CERT_ALLOWED_HOSTNAME", Profile.MACHINE_HOST);
        said.put("ETCD_PEER_CERT_FILE", files.peer().toString());
        said.put("ETCD_PEER_KEY_FILE", files.key().toString());
        said.put("ETCD_PEER_TRUSTED_CA_FILE", files.authority().toString());
        said.put("ETCD_PEER_CLIENT_CERT_AUTH", "true");
        said.put("ETCD_PEER_CERT_ALLOWED_CN", "flotilla-peer");
        said.put("ETCD_EXPERIMENTAL_DENIED_IDENTITIES_FILE", files.denied().toString());
        said.put("ETCD_EXPERIMENTAL_GUARDED_PREFIX", GUARDED);
        tell(
                "etcd.service",
                said,
                localClients
                        ? NOT_OF_THE_STORE
                        : Stream.concat(NOT_OF_THE_STORE.stream(), Stream.of(LOCAL_CLIENTS))
                                .toList());
    }

    /**
     * @param stores client URLs of the store's members, the nearest first
     */
    public void tellFleet(String address, List<String> stores) throws IOException {
        CredentialFiles files = new CredentialFiles(inside(home.directory()));
        Map<String, String> said = new LinkedHashMap<>();
        said.put("FLEET_ETCD_SERVERS", String.join(",", stores));
        said.put("FLEET_ETCD_CAFILE", files.authority().toString());
        said.put("FLEET_ETCD_CERTFILE", files.machine().toString());
        said.put("FLEET_ETCD_KEYFILE", files.key().toString());
        said.put("FLEET_PUBLIC_IP", address);
        said.put("FLEET_TRUST_DIR", inside(home.directory()).toString());
        tell("fleet.service", said, List.of("FLEET_ETCD_TOKEN_FILE"));
    }

    private Path dropIn(String unit) {
        return root.resolve(UNITS).resolve(unit + ".d").resolve(DROP_IN);
    }

    /** As the machine itself names it. */
    private Path inside(Path file) {
        return Path.of("/").resolve(root.relativize(file));
    }

    /** The variables first: a drop-in that names a file which is not there keeps its unit down. */
    private void tell(String unit, Map<String, String> variables, List<String> not)
            throws IOException {
        Path file = home.directory().resolve(unit.replace(".service", ".env"));
        AtomicFile.secretAt(file)
                .replace(
                        variables.entrySet().stream()
                                .map(one -> one.getKey() + "=" + one.getValue() + "\n")
                                .collect(Collectors.joining()));
        Path dropIn = dropIn(unit);
        Files.createDirectories(dropIn.toAbsolutePath().getParent());
        String unset = not.isEmpty() ? "" : "UnsetEnvironment=" + String.join(" ", not) + "\n";
        AtomicFile.at(dropIn)
                .replace(
                        "# By flotilla init or flotilla join.\n[Unit]\n# Certificates that have ended may be renewed at any time.\nStartLimitIntervalSec=0\n[Service]\nEnvironmentFile=%s\n%s"
                                .formatted(inside(file), unset));
    }
}
