package flotilla.provision.machine;

import flotilla.client.members.MemberIdentity;
import flotilla.store.boot.EtcdConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * etcd's settings on a machine whose only address is not 127.0.0.1: what would be a default there
 * is the machine's own address here, and clients find the standard port whatever else was asked for
 * (etcd 2 served 2379 and 4001 alike).
 */
public final class MemberFlags {
    private static final int CLIENT_PORT = 2379;
    private static final int PEER_PORT = 2380;

    private MemberFlags() {}

    /**
     * @param environment with {@code ETCD_...} variables
     * @param guard of fleet's keys, unless the environment guards others
     * @throws IllegalArgumentException as {@link EtcdConfig#parse}
     */
    static EtcdConfig parse(
            List<String> arguments,
            Map<String, String> environment,
            String address,
            Optional<EtcdConfig.Guard> guard) {
        refuseFile(arguments, environment);
        Map<String, String> settled = new HashMap<>(environment);
        String standard = url(address, CLIENT_PORT);
        if (says(environment, "ETCD_LISTEN_CLIENT_URLS", "ETCD_ADDR", "ETCD_BIND_ADDR")) {
            List<String> asked = clientUrls(EtcdConfig.parse(arguments, environment));
            settled.put(
                    "ETCD_LISTEN_CLIENT_URLS",
                    asked.contains(secure(standard))
                            ? String.join(",", asked)
                            : Stream.concat(asked.stream(), Stream.of(standard))
                                    .distinct()
                                    .collect(Collectors.joining(",")));
        } else {
            settled.put("ETCD_LISTEN_CLIENT_URLS", standard);
        }
        if (!says(environment, "ETCD_LISTEN_PEER_URLS", "ETCD_PEER_ADDR", "ETCD_PEER_BIND_ADDR")) {
            settled.put("ETCD_LISTEN_PEER_URLS", url(address, PEER_PORT));
        }
        // Whoever writes to the store has units run: no web page may, whatever name it goes by.
        settled.putIfAbsent("ETCD_CORS", standard + "," + secure(standard));
        settled.putIfAbsent("ETCD_HOST_WHITELIST", address + ",localhost,127.0.0.1");
        guard.ifPresent(keys -> {
            settled.putIfAbsent(
                    "ETCD_EXPERIMENTAL_GUARDED_PREFIX", String.join(",", keys.prefixes()));
            keys.tokenFile()
                    .ifPresent(file ->
                            settled.putIfAbsent(
                                    "ETCD_EXPERIMENTAL_GUARDED_PREFIX_TOKEN_FILE",
                                    file.toString()));
        });
        return EtcdConfig.parse(arguments, settled);
    }

    /** It would do away with what a machine's member is given here, the guard among it. */
    private static void refuseFile(List<String> arguments, Map<String, String> environment) {
        boolean given =
                says(environment, "ETCD_CONFIG_FILE")
                        || arguments.stream()
                                .anyMatch(flag -> flag.matches("--?config-file(=.*)?"));
        if (given) {
            throw new IllegalArgumentException(
                    "--config-file is not offered on a machine: write what it says into the"
                            + " user-data, as coreos.etcd or as ETCD_... in a drop-in");
        }
    }

    /** The environment of a member that comes to a store whose members found each other before. */
    static Map<String, String> joining(Map<String, String> environment, String initialCluster) {
        Map<String, String> settled = new HashMap<>(environment);
        settled.remove("ETCD_DISCOVERY");
        settled.put("ETCD_INITIAL_CLUSTER", initialCluster);
        settled.put("ETCD_INITIAL_CLUSTER_STATE", "existing");
        return settled;
    }

    /**
     * How the others know the member of a machine.
     *
     * @param options as {@link #ports}
     * @throws IllegalArgumentException as {@link EtcdConfig#parse}
     */
    public static MemberIdentity identity(Map<String, String> options, String address) {
        EtcdConfig config = parse(List.of(), environment(options), address, Optional.empty());
        return new MemberIdentity(config.name(), config.peerUrls());
    }

    private static Map<String, String> environment(Map<String, String> options) {
        Map<String, String> environment = new HashMap<>();
        options.forEach(
                (key, value) -> environment.put("ETCD_" + key.toUpperCase(Locale.ROOT), value));
        return environment;
    }

    /**
     * The ports that the member of a machine needs; none when its settings can't be read, which the
     * member itself will say.
     *
     * @param options coreos.etcd of a user-data, its variables put in
     */
    public static List<Integer> ports(Map<String, String> options, String address) {
        try {
            EtcdConfig config = parse(List.of(), environment(options), address, Optional.empty());
            return Stream.concat(
                            config.listenClientUrls().stream(), config.listenPeerUrls().stream())
                    .filter(url -> address.equals(url.getHost()))
                    .map(java.net.URI::getPort)
                    .distinct()
                    .toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static boolean says(Map<String, String> environment, String... names) {
        return Stream.of(names).anyMatch(name -> !environment.getOrDefault(name, "").isEmpty());
    }

    private static List<String> clientUrls(EtcdConfig config) {
        return config.listenClientUrls().stream().map(java.net.URI::toString).toList();
    }

    /** The same port with TLS: one port speaks either. */
    private static String secure(String url) {
        return url.replaceFirst("^http:", "https:");
    }

    private static String url(String address, int port) {
        return "http://" + address + ":" + port;
    }
}
