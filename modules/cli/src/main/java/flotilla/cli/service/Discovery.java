package flotilla.cli.service;

import flotilla.cli.command.CommandFailure;
import flotilla.discovery.DiscoveryConfig;
import flotilla.discovery.DiscoveryServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code flotilla discovery}: the token service on its own, with discovery.etcd.io's flags. */
@Command(
        name = "discovery",
        description = Discovery.SUMMARY,
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  flotilla discovery --addr 10.0.0.1:8087 --data-dir /var/lib/discovery",
            "  curl 'http://10.0.0.1:8087/new?size=3'    the URL of a new token, for user-data",
            "",
            "Tokens give nobody access to a cluster, but whoever can reach this can spoil a",
            "bootstrap: keep it on a network you trust."
        })
public final class Discovery implements Callable<Integer> {
    public static final String SUMMARY =
            "Run the token service by which the machines of a new cluster find each other.";

    @Option(
            names = {"--addr", "--listen"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:DISC_ADDR:-127.0.0.1:8087}",
            description =
                    "Where to listen; :8087 is on every address (DISC_ADDR; ${DEFAULT-VALUE})")
    private String address = "";

    @Option(
            names = {"--host", "--public-host"},
            paramLabel = "URL",
            defaultValue = "${env:DISC_HOST}",
            description = "What tokens' URLs begin with, if not that address (DISC_HOST)")
    private @Nullable String publicHost;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "discovery.data",
            description = "Where tokens are kept (${DEFAULT-VALUE})")
    private Path dataDir = Path.of("discovery.data");

    @Mixin private LogOptions logging = new LogOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        logging.apply();
        InetSocketAddress listen = listen();
        String host = publicHost == null || publicHost.isBlank() ? "http://" + address : publicHost;
        try {
            DiscoveryServer server =
                    DiscoveryServer.start(new DiscoveryConfig(listen, host, dataDir));
            return ServiceRun.until(ServiceRun.Signs.running(server.failure()), server);
        } catch (IOException e) {
            throw new CommandFailure("discovery can't start: " + e.getMessage());
        }
    }

    private InetSocketAddress listen() {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 0 || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw wrong("--addr " + address + ": want HOST:PORT or :PORT");
        }
        InetSocketAddress listen =
                colon > 0
                        ? new InetSocketAddress(address.substring(0, colon), Integer.parseInt(port))
                        : new InetSocketAddress(Integer.parseInt(port));
        boolean anywhere = listen.getAddress() != null && listen.getAddress().isAnyLocalAddress();
        if (anywhere && (publicHost == null || publicHost.isBlank())) {
            throw wrong(
                    "--addr "
                            + address
                            + " names no host: say with --host what tokens' URLs begin with");
        }
        return listen;
    }

    private ParameterException wrong(String words) {
        return new ParameterException(spec.commandLine(), words);
    }
}
