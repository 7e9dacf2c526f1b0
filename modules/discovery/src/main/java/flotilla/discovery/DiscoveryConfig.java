package flotilla.discovery;

import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * @param listen a TCP address or a unix socket
 * @param publicHost what the URLs of new tokens begin with: {@code http://host:port}; without a
 *     scheme http is meant
 * @param dataDir where the tokens are kept; made when missing
 */
public record DiscoveryConfig(SocketAddress listen, String publicHost, Path dataDir) {
    public DiscoveryConfig {
        String host = publicHost.contains("://") ? publicHost : "http://" + publicHost;
        publicHost = host.replaceAll("/+$", "");
    }
}
