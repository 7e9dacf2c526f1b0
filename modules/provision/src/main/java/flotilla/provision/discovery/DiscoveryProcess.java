package flotilla.provision.discovery;

import flotilla.discovery.DiscoveryConfig;
import flotilla.discovery.DiscoveryServer;
import flotilla.platform.log.Logging;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The local cluster's token service as a process of its own, so that it outlives {@code up}. */
final class DiscoveryProcess {
    private static final Logger log = LoggerFactory.getLogger(DiscoveryProcess.class);

    private DiscoveryProcess() {}

    /**
     * @param arguments the directory of the tokens, the address and the port to listen on
     */
    public static void main(String[] arguments) {
        Logging.start();
        String address = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        DiscoveryConfig config =
                new DiscoveryConfig(
                        new InetSocketAddress(address, port),
                        address + ":" + port,
                        Path.of(arguments[0]));
        try {
            DiscoveryServer server = DiscoveryServer.start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "shutdown"));
            server.failure().join();
        } catch (IOException e) {
            log.error("the token service can't start: {}", e.getMessage());
            System.exit(1);
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            log.error("the token service can't go on: {}", why.getMessage());
            System.exit(1);
        }
    }
}
