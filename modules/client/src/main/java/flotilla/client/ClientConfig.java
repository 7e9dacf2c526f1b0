package flotilla.client;

import flotilla.platform.tls.ClientTls;
import flotilla.platform.tls.TlsFiles;
import flotilla.platform.tls.TlsOptions;
import flotilla.platform.tls.TlsRules;
import flotilla.protocol.Member;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the cluster is and how long to wait for it.
 *
 * @param endpoints members' client URLs, {@code http://host:port} or {@code https://}; 1 to {@value
 *     #MAX_ENDPOINTS}
 * @param requestTimeout how long one call may take with all its attempts
 * @param dialTimeout how long one connection attempt may take
 * @param token sent with every call, for a store that guards keys
 * @param tls for {@code https://}; none: this system's authorities, and no certificate of ours
 */
public record ClientConfig(
        List<String> endpoints,
        Duration requestTimeout,
        Duration dialTimeout,
        Optional<ClusterToken> token,
        Optional<ClientTls> tls) {
    /** As many members as a cluster may have, with room for aliases of the same member. */
    public static final int MAX_ENDPOINTS = 32;

    /**
     * More than etcd's own deadline for a write (5 s and two elections), so that it answers first.
     */
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);

    public static final Duration DEFAULT_DIAL_TIMEOUT = Duration.ofSeconds(2);

    private static final int DEFAULT_PORT = 2379;

    public ClientConfig {
        endpoints = endpoints.stream().map(ClientConfig::normal).distinct().toList();
        if (endpoints.isEmpty() || endpoints.size() > MAX_ENDPOINTS) {
            throw new IllegalArgumentException(
                    "want 1 to " + MAX_ENDPOINTS + " etcd endpoints, got " + endpoints.size());
        }
    }

    /**
     * @param endpoints comma-separated, as in {@code --etcd-servers}
     */
    public static ClientConfig of(String endpoints) {
        return of(Arrays.stream(endpoints.split(",")).map(String::strip).toList());
    }

    public static ClientConfig of(List<String> endpoints) {
        return new ClientConfig(
                endpoints,
                DEFAULT_REQUEST_TIMEOUT,
                DEFAULT_DIAL_TIMEOUT,
                Optional.empty(),
                Optional.empty());
    }

    public ClientConfig withRequestTimeout(Duration timeout) {
        return new ClientConfig(endpoints, timeout, dialTimeout, token, tls);
    }

    public ClientConfig withToken(ClusterToken shown) {
        return new ClientConfig(endpoints, requestTimeout, dialTimeout, Optional.of(shown), tls);
    }

    /**
     * @param files certificate and key, if the store wants to see them, and whom we trust
     * @throws IOException naming the file that can't be used, and what to do
     */
    public ClientConfig withTls(TlsFiles files) throws IOException {
        return new ClientConfig(
                endpoints, requestTimeout, dialTimeout, token, Optional.of(tls(files)));
    }

    static ClientTls tls(TlsFiles files) throws IOException {
        return ClientTls.open(TlsOptions.of(files, TlsRules.PLAIN), List.of("h2"));
    }

    /**
     * Where a member says that it serves clients, as far as we can go there: never plainly when all
     * that we were told to go to is encrypted.
     */
    List<String> endpointsOf(Member member) {
        boolean secret = endpoints.stream().allMatch(ClientConfig::secure);
        return member.getClientURLsList().stream()
                .filter(url ->
                        secure(url)
                                ? secret || tls.isPresent()
                                : !secret && url.startsWith("http:"))
                .map(ClientConfig::normal)
                .toList();
    }

    static boolean secure(String endpoint) {
        return endpoint.startsWith("https://");
    }

    /** {@code host:port} of an endpoint. */
    static String authority(String endpoint) {
        return URI.create(endpoint).getAuthority();
    }

    private static String normal(String endpoint) {
        String url = endpoint.contains("://") ? endpoint : "http://" + endpoint;
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(
                    "etcd endpoint " + endpoint + ": want http://host:port or https://host:port");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "etcd endpoint " + endpoint + " has no host; want http://host:port");
        }
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + ":" + port;
    }
}
